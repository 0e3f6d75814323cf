import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import type { JsonSchema } from '../../../src/jobs/json.js';
import type { SectionSpec } from '../../../src/jobs/types.js';
import {
  citedValue,
  extractFields,
  plainValue,
  readDocument,
  splitPages,
  type SandboxDocument,
} from '../../../src/sandbox/document/index.js';

const example = (name: string) => readFile(new URL(`../../../examples/${name}`, import.meta.url));
const json = async <T>(name: string) => JSON.parse((await example(name)).toString()) as T;

let packet: SandboxDocument;
beforeAll(async () => {
  packet = await readDocument(await example('invoice-packet.pdf'));
});

test('the file is small enough to commit and has pages to split', async () => {
  expect((await example('invoice-packet.pdf')).byteLength).toBeLessThan(300_000);
  expect(packet.pages.length).toBeGreaterThanOrEqual(8);
});

test('extract finds every field of the example schema', async () => {
  const data = plainValue(extractFields(packet, await json<JsonSchema>('invoice.schema.json'))) as {
    line_items: unknown[];
  };
  const { line_items, ...header } = data;
  expect(header).toEqual({
    invoice_number: 'TMS-2026-0418',
    invoice_date: '2026-03-12',
    due_date: '2026-04-11',
    purchase_order_number: 'NF-77120',
    supplier_name: 'Tidewater Marine Supply Ltd',
    bill_to: {
      name: 'Northgate Ferries plc',
      address: 'Accounts Payable, 3 Harbour Terrace, Aberdeen AB11 5TB',
    },
    payment_terms: '30 days net',
    currency: 'GBP',
    subtotal: 35_705.5,
    tax: 7141.1,
    total: 42_846.6,
  });
  expect(line_items).toHaveLength(27);
  expect(line_items[0]).toEqual({
    description: 'Mooring rope, polyamide 8-strand, 48 mm x 220 m',
    quantity: 4,
    unit_price: 612.5,
    amount: 2450,
  });
  expect(line_items[26]).toEqual({
    description: 'Inspection of rescue boat davit',
    quantity: 1,
    unit_price: 1450,
    amount: 1450,
  });
});

test('citations say where a value stands', async () => {
  const cited = citedValue(extractFields(packet, await json<JsonSchema>('invoice.schema.json'))) as Record<
    string,
    unknown
  >;
  expect(cited['invoice_number']).toMatchObject({
    value: 'TMS-2026-0418',
    citations: [{ page: 3, content: 'TMS-2026-0418', bbox: { left: expect.closeTo(0.72, 1) as number } }],
  });
});

test('split gives every page to its section', async () => {
  const sections = await json<SectionSpec[]>('sections.json');
  expect(splitPages(packet, sections).map(({ name, pages }) => ({ name, pages }))).toEqual([
    { name: 'Cover letter', pages: [1] },
    { name: 'Purchase order', pages: [2] },
    { name: 'Invoice', pages: [3, 4] },
    { name: 'Delivery note', pages: [5] },
    { name: 'Timesheet', pages: [6] },
    { name: 'Terms and conditions', pages: [7, 8] },
    { name: 'Remittance advice', pages: [9] },
  ]);
});
