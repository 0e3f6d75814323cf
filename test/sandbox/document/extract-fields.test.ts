import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/jobs/json.js';
import {
  citedValue,
  countFields,
  extractFields,
  plainValue,
  readDocument,
} from '../../../src/sandbox/document/index.js';

const properties = (fields: JsonObject): JsonObject => ({ type: 'object', properties: fields });
const text = { type: 'string' };
const number = { type: 'number' };

async function extract(content: string, schema: JsonObject, pages?: number[]): Promise<JsonValue> {
  const document = await readDocument(new TextEncoder().encode(content));
  return plainValue(extractFields(document, schema, pages ? { pages } : {}));
}

test('what the document does not say is null, and a list without rows empty', async () => {
  const schema = properties({
    iban: text,
    total: { type: ['number', 'null'] },
    lines: { type: 'array', items: properties({ a_code: text, b_code: text }) },
  });
  expect(await extract('Good morning.\nNothing here.', schema)).toEqual({ iban: null, total: null, lines: [] });
});

test('the same label on another page is found when the pages say so', async () => {
  const content = 'Total:  10\n\fTotal:  20\n';
  expect(await extract(content, properties({ total: number }), [2])).toEqual({ total: 20 });
});

test('nested objects are looked for below their own headers', async () => {
  const content = [
    'Seller',
    'Name:   Alder & Co',
    'City:   Leeds',
    '',
    '',
    'Buyer',
    'Name:   Birch Ltd',
    'City:   York',
  ].join('\n');
  const party = properties({ name: text, city: text });
  expect(await extract(content, properties({ buyer: party, seller: party }))).toEqual({
    buyer: { name: 'Birch Ltd', city: 'York' },
    seller: { name: 'Alder & Co', city: 'Leeds' },
  });
});

test('blocks side by side keep to their columns', async () => {
  const content = [
    'Bill to             Ship to',
    'Alder & Co          Birch Ltd',
    '1 Mill Lane         9 Quay Street',
    'Leeds               York',
  ].join('\n');
  const party = properties({ name: text, address: text });
  expect(await extract(content, properties({ bill_to: party, ship_to: party }))).toEqual({
    bill_to: { name: 'Alder & Co', address: '1 Mill Lane, Leeds' },
    ship_to: { name: 'Birch Ltd', address: '9 Quay Street, York' },
  });
});

test('nested objects without a header match by their full names', async () => {
  const content = 'Invoice number:   77\nInvoice date:   2024-05-03\nOrder number:   12\n';
  const schema = properties({
    invoice: properties({ number: text, date: { ...text, format: 'date' } }),
    order: properties({ number: text }),
  });
  expect(await extract(content, schema)).toEqual({
    invoice: { number: '77', date: '2024-05-03' },
    order: { number: '12' },
  });
});

test('a list of texts: the items below its heading, or beside it', async () => {
  const content = ['Allergens', '- milk', '- nuts', '', 'Colours:  red, green, blue', ''].join('\n');
  const list = { type: 'array', items: text };
  expect(await extract(content, properties({ allergens: list, colours: list }))).toEqual({
    allergens: ['milk', 'nuts'],
    colours: ['red', 'green', 'blue'],
  });
});

test('checkboxes and yes/no', async () => {
  const flag = { type: 'boolean' };
  const content = '[x] Paid\n[ ] Shipped\nInsured:   yes\n';
  expect(await extract(content, properties({ paid: flag, shipped: flag, insured: flag }))).toEqual({
    paid: true,
    shipped: false,
    insured: true,
  });
});

test('the currency is read from the amounts when it has no label', async () => {
  expect(await extract('Total:   1.234,50 €\n', properties({ total: number, currency: text }))).toEqual({
    total: 1234.5,
    currency: 'EUR',
  });
});

test('schemas with $defs, $ref and nullable unions are followed', async () => {
  const schema = {
    ...properties({
      total: { $ref: '#/$defs/money' },
      due: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
    }),
    $defs: { money: number },
  };
  expect(await extract('Total:   12.50\nDue:   3 May 2024\n', schema)).toEqual({ total: 12.5, due: '2024-05-03' });
});

describe('tables', () => {
  const lines = properties({
    lines: { type: 'array', items: properties({ item: text, qty: { type: 'integer' }, price: number }) },
    total: number,
  });
  const head = 'Item              Qty     Price';

  test('over pages, without the totals and the carried sums', async () => {
    const content = [
      head,
      'bolt              3       1.50',
      'nut               4       0.20',
      'Carried forward           2.30',
    ].join('\n');
    const rest = [
      head,
      'Brought forward           2.30',
      'washer            9       0.05',
      'Total                     2.75',
    ].join('\n');
    expect(await extract(`${content}\f${rest}\n`, lines)).toEqual({
      lines: [
        { item: 'bolt', qty: 3, price: 1.5 },
        { item: 'nut', qty: 4, price: 0.2 },
        { item: 'washer', qty: 9, price: 0.05 },
      ],
      total: 2.75,
    });
  });

  test('a wrapped description is one row, a missing cell is null', async () => {
    const content = [head, 'bolt, hot-dip     3       1.50', 'galvanised', 'nut                       0.20'].join('\n');
    expect(await extract(content, lines)).toMatchObject({
      lines: [
        { item: 'bolt, hot-dip galvanised', qty: 3, price: 1.5 },
        { item: 'nut', qty: null, price: 0.2 },
      ],
    });
  });

  test('a heading is no label of the first row, and a label right below a table is still one', async () => {
    const content = [
      'Item              Qty     Total',
      'bolt              3       1.50',
      'nut               4       0.20',
      'Notes:   none',
    ].join('\n');
    const schema = properties({
      lines: { type: 'array', items: properties({ item: text, qty: number }) },
      notes: text,
    });
    expect(await extract(content, properties({ total: number }))).toEqual({ total: null });
    expect(await extract(content, schema)).toMatchObject({ lines: [{ item: 'bolt' }, { item: 'nut' }], notes: 'none' });
  });

  test('a table that ended with its total is not continued by the next document', async () => {
    const one = [head, 'bolt              3       1.50', 'Total                     4.50'].join('\n');
    const other = [head, 'gravel            1       9.00', 'Total                     9.00'].join('\n');
    expect(await extract(`${one}\f${other}\n`, lines)).toMatchObject({ lines: [{ item: 'bolt' }], total: 4.5 });
  });
});

test('citations name page, place and text; plain and cited trees have the same shape', async () => {
  const document = await readDocument(new TextEncoder().encode('First page\n\fTotal:   12.50\n'));
  const tree = extractFields(document, properties({ total: number, iban: text }));
  expect(countFields(tree)).toBe(1);
  const cited = citedValue(tree) as Record<
    string,
    { value: JsonValue; citations: { page: number; content: string; bbox: { left: number } }[] }
  >;
  expect(cited['iban']).toEqual({ value: null, citations: [] });
  expect(cited['total']).toMatchObject({ value: 12.5, citations: [{ page: 2, content: '12.50', type: 'Key Value' }] });
  expect(cited['total']!.citations[0]!.bbox.left).toBeGreaterThan(0.1);
});
