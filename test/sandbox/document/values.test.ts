import { describe, expect, test } from 'vitest';
import { findConventions } from '../../../src/sandbox/document/conventions.js';
import { readDate } from '../../../src/sandbox/document/read-date.js';
import { readNumber } from '../../../src/sandbox/document/read-number.js';
import { typedValue } from '../../../src/sandbox/document/typed-value.js';

const US = { decimal: '.', dayFirst: false } as const;
const EU = { decimal: ',', dayFirst: true } as const;

describe('numbers', () => {
  test.each([
    ['$1,234.50', 1234.5],
    ['1.234,50 €', 1234.5],
    ['1 234,50', 1234.5],
    ["CHF 1'234.50", 1234.5],
    ['(45.00)', -45],
    ['($45.00)', -45],
    ['-12.5', -12.5],
    ['45.00-', -45],
    ['1,234', 1234],
    ['12,345,678', 12_345_678],
    ['0.125', 0.125],
    ['.5', 0.5],
    ['19 %', 19],
    ['12 pcs', 12],
    ['USD 7', 7],
    ['007', 7],
  ])('%s', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  test.each(['', 'INV-2024', 'twelve', '12 March 2024', '2024-03-12', '1.2.3', 'page 3 of 4', 'GB 482 1907 33'])(
    '%j is no number',
    (text) => {
      expect(readNumber(text)).toBeNull();
    },
  );

  test('a lone separator follows the document', () => {
    expect([readNumber('1.234', US), readNumber('1.234', EU)]).toEqual([1.234, 1234]);
    expect([readNumber('1,234', US), readNumber('1,234', EU)]).toEqual([1234, 1.234]);
  });
});

describe('dates', () => {
  test.each([
    ['2024-03-12', '2024-03-12'],
    ['2024/3/12', '2024-03-12'],
    ['12.03.2024', '2024-03-12'],
    ['12 March 2024', '2024-03-12'],
    ['12th of March, 2024', '2024-03-12'],
    ['March 12, 2024', '2024-03-12'],
    ['Sept. 3, 2024', '2024-09-03'],
    ['12-Mar-24', '2024-03-12'],
    ['Tuesday, 12 March 2024', '2024-03-12'],
    ['25/03/2024', '2024-03-25'],
    ['03/25/2024', '2024-03-25'],
    ['2024-03-12T10:00:00Z', '2024-03-12'],
  ])('%s', (text, value) => {
    expect(readDate(text)).toBe(value);
  });

  test.each(['', 'soon', '31.02.2024', '13/13/2024', '12 Foo 2024', '4711'])('%j is no date', (text) => {
    expect(readDate(text)).toBeNull();
  });

  test('day or month first follows the document', () => {
    expect([readDate('03/04/2024', US), readDate('03/04/2024', EU)]).toEqual(['2024-03-04', '2024-04-03']);
  });
});

test.each([
  ['1,234.50 and 03/25/2024', { decimal: '.', dayFirst: false }],
  ['1.234,50 and 25/03/2024', { decimal: ',', dayFirst: true }],
  ['12,50 and 3/4/2024', { decimal: ',', dayFirst: true }],
  ['12.50 and 25/03/2024', { decimal: '.', dayFirst: true }],
  ['no figures', { decimal: '.', dayFirst: false }],
])('conventions of %j', (text, conventions) => {
  expect(findConventions(text)).toEqual(conventions);
});

describe('by schema type', () => {
  test.each([
    ['string', 'Net 30', { type: 'string' }, 'Net 30'],
    ['number', '$ 12.50', { type: 'number' }, 12.5],
    ['integer', '12.00', { type: 'integer' }, 12],
    ['no number', 'n/a', { type: 'number' }, null],
    ['date', '3 May 2024', { type: 'string', format: 'date' }, '2024-05-03'],
    ['date-time', '3 May 2024', { type: 'string', format: 'date-time' }, '2024-05-03T00:00:00Z'],
    ['no date', 'tomorrow', { type: 'string', format: 'date' }, null],
    ['yes', 'Yes', { type: 'boolean' }, true],
    ['cross', '[x]', { type: 'boolean' }, true],
    ['empty box', '[ ]', { type: 'boolean' }, false],
    ['no', 'no', { type: 'boolean' }, false],
    ['not a boolean', 'perhaps', { type: 'boolean' }, null],
    ['enum, other case', 'OPEN', { type: 'string', enum: ['open', 'closed'] }, 'open'],
    ['enum, in a phrase', 'Bank transfer (SEPA)', { type: 'string', enum: ['cash', 'bank_transfer'] }, 'bank_transfer'],
    ['enum, by symbol', '€ 12', { type: 'string', enum: ['USD', 'EUR'] }, 'EUR'],
    ['enum, none', 'pending', { type: 'string', enum: ['open', 'closed'] }, null],
  ] as const)('%s', (_name, text, shape, value) => {
    const { type, ...rest } = shape as { type: 'string'; format?: string; enum?: string[] };
    expect(typedValue(text, { type, ...rest }, US)).toBe(value);
  });
});
