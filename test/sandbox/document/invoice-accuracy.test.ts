import { expect, test } from 'vitest';
import type { JsonSchema, JsonValue } from '../../../src/jobs/json.js';
import { extractFields, plainValue, readDocument } from '../../../src/sandbox/document/index.js';
import { makeInvoicePdf } from '../../support/pdf.js';

const date = { type: 'string', format: 'date' };
const INVOICE: JsonSchema = {
  type: 'object',
  properties: {
    invoice_number: { type: 'string' },
    invoice_date: date,
    due_date: { ...date, description: 'When the invoice must be paid' },
    purchase_order_number: { type: 'string' },
    customer_name: { type: 'string' },
    payment_terms: { type: 'string' },
    contact_email: { type: ['string', 'null'] },
    line_items: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          description: { type: 'string' },
          quantity: { type: 'integer' },
          unit_price: { type: 'number' },
          amount: { type: 'number' },
        },
      },
    },
    subtotal: { type: 'number' },
    tax: { type: 'number' },
    total: { type: 'number' },
  },
};

/** Every leaf of `wanted` with what was found there. */
function compare(
  wanted: JsonValue,
  found: JsonValue | undefined,
  path = '',
): { path: string; wanted: JsonValue; found: JsonValue | undefined }[] {
  if (typeof wanted !== 'object' || wanted === null) return [{ path, wanted, found }];
  const there = typeof found === 'object' && found !== null ? (found as Record<string, JsonValue>) : {};
  return Object.entries(wanted).flatMap(([key, value]) => compare(value, there[key], `${path}/${key}`));
}

test('25 random invoices: at least 90 % of the fields are right', async () => {
  const wrong: string[] = [];
  let all = 0;
  for (let seed = 1; seed <= 25; seed++) {
    const { bytes, facts } = await makeInvoicePdf(seed);
    const data = plainValue(extractFields(await readDocument(bytes), INVOICE)) as Record<string, JsonValue>;
    const fields = compare(facts as unknown as JsonValue, data);
    all += fields.length;
    for (const { path, wanted, found } of fields) {
      if (wanted !== found)
        wrong.push(`seed ${seed} ${path}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
    }
  }
  const share = 1 - wrong.length / all;
  expect(share, `${wrong.length} of ${all} fields wrong\n${wrong.slice(0, 40).join('\n')}`).toBeGreaterThanOrEqual(0.9);
});
