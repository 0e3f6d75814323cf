import { describe, expect, test } from 'vitest';
import { fieldWords, labelScore } from '../../../src/sandbox/document/labels.js';
import { tokenise } from '../../../src/sandbox/document/tokenise.js';

test.each([
  ['invoiceNumber', ['invoice', 'number']],
  ['invoice_no', ['invoice', 'number']],
  ['Invoice #', ['invoice', 'number']],
  ['P.O. No.', ['purchase', 'order', 'number']],
  ['PONumber', ['purchase', 'order', 'number']],
  ['Sub-total', ['subtotal']],
  ['Qty', ['quantity']],
  ['Amounts due', ['amount', 'due']],
  ['Künde', ['kunde']],
  ['companies', ['company']],
])('words of %j', (text, words) => {
  expect(tokenise(text)).toEqual(words);
});

describe('a label names the field it should', () => {
  const names = [
    'invoice_number',
    'invoice_date',
    'due_date',
    'purchase_order_number',
    'subtotal',
    'tax',
    'total',
    'customer_name',
  ];
  test.each([
    ['Invoice No.', 'invoice_number'],
    ['INVOICE ID', 'invoice_number'],
    ['Date of invoice', 'invoice_date'],
    ['Date', 'invoice_date'],
    ['Payment due', 'due_date'],
    ['Due', 'due_date'],
    ['Your PO number', 'purchase_order_number'],
    ['Sub total (net)', 'subtotal'],
    ['VAT 20 %', 'tax'],
    ['Sales tax', 'tax'],
    ['Grand total', 'total'],
    ['Bill to', 'customer_name'],
    ['Client', 'customer_name'],
  ])('%s → %s', (label, name) => {
    const scores = names.map((candidate) => labelScore(fieldWords(candidate), label));
    expect(names[scores.indexOf(Math.max(...scores))]).toBe(name);
    expect(Math.max(...scores)).toBeGreaterThanOrEqual(0.6);
  });

  test.each([
    ['invoice_number', 'Date'],
    ['invoice_number', 'Invoice date'],
    ['due_date', 'Delivery date'],
    ['total', 'Telephone'],
    ['tax', 'Total'],
  ])('%s is not meant by %j', (name, label) => {
    expect(labelScore(fieldWords(name), label)).toBeLessThan(0.6);
  });

  test('the description helps where the name does not', () => {
    expect(labelScore(fieldWords('ref', 'The customer account code'), 'Account code')).toBeGreaterThanOrEqual(0.6);
    expect(labelScore(fieldWords('ref'), 'Account code')).toBeLessThan(0.6);
  });
});
