import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/jobs/types.js';
import { interpret } from '../../../src/providers/pulse/interpret.js';
import type { VendorError } from '../../../src/providers/vendor-error.js';
import { EXTRACTION, SPLIT } from './helpers.js';

const read = (operation: Operation, body: unknown) => interpret(operation, 'j', body);
const NONE = { pages: null, credits: null };
const parsed = { markdown: '# Secret', extraction_id: EXTRACTION, page_count: 3, extraction_url: 'https://web/x' };

describe('parse', () => {
  it.each([
    ['all figures', { ...parsed, credits_used: 4.5 }, { pages: 3, credits: 4.5 }],
    ['no credits', parsed, { pages: 3, credits: null }],
    ['credits that are null', { ...parsed, credits_used: null }, { pages: 3, credits: null }],
    ['figures as text', { ...parsed, page_count: '3', credits_used: '0.25' }, { pages: 3, credits: 0.25 }],
    [
      'the organisation’s totals, in their old spelling',
      { ...parsed, 'plan-info': { total_credits_used: 900, pages_used: 800 } },
      { pages: 3, credits: null },
    ],
    [
      'the organisation’s totals',
      { ...parsed, plan_info: { total_credits_used: 900, pages_used: 800 } },
      { pages: 3, credits: null },
    ],
  ])('with %s', (_what, body, usage) => {
    expect(read('parse', body)).toEqual({ reference: EXTRACTION, pageCount: 3, usage });
  });

  it.each([
    ['storage off', { markdown: '', page_count: 2 }, { pageCount: 2, usage: { pages: 2, credits: null } }],
    ['an id that is none', { markdown: '', extraction_id: 7 }, { pageCount: null, usage: NONE }],
    [
      'senseless figures',
      { ...parsed, page_count: 'many', credits_used: {} },
      { reference: EXTRACTION, pageCount: null, usage: NONE },
    ],
  ])('with %s', (_what, body, result) => {
    expect(read('parse', body)).toEqual(result);
  });
});

describe('extract', () => {
  const values = { total: 12 };
  const citations = { total: 'txt-1, txt-2' };
  it('gives the plain value, citations beside it', () => {
    const body = { schema_id: 's', version: 2, schema_output: { values, citations }, credits_used: 1 };
    expect(read('extract', body)).toEqual({ data: values, citations, usage: { pages: null, credits: 1 } });
  });

  it('of several documents likewise', () => {
    const body = { schema_id: 's', schema_output: { values }, extraction_ids: ['a', 'b'] };
    expect(read('extract', body)).toEqual({ data: values, usage: NONE });
  });

  it('leaves a user’s own fields alone, whatever they are called', () => {
    const own = { values: { value: 1, citations: [] }, errors: ['e'], results: null };
    expect(read('extract', { schema_output: { values: own } }).data).toEqual(own);
  });

  it.each(['results', 'schema_output'])('by section, from %s', (field) => {
    const body = {
      schema_id: 's',
      split_id: SPLIT,
      [field]: { Lines: { values, citations }, Empty: { values: null }, Half: { values } },
      errors: { Terms: 'no pages at https://h/x?sig=1', Half: { message: 'cut off' }, Odd: 7, Fine: null },
    };
    expect(read('extract', body).sectionValues).toEqual([
      { name: 'Lines', data: values, citations },
      { name: 'Empty', data: null },
      { name: 'Terms', problem: 'no pages at https://h/x?…' },
      { name: 'Half', problem: 'cut off' },
      { name: 'Odd', problem: 'the vendor gave no reason' },
    ]);
  });

  it('by section, all of them failed', () => {
    const body = { schema_id: 's', split_id: SPLIT, errors: { Lines: 'x' } };
    expect(read('extract', body)).toEqual({ sectionValues: [{ name: 'Lines', problem: 'x' }], usage: NONE });
  });
});

describe('split', () => {
  it('gives pages ascending and once, and the reference', () => {
    const splits = { Lines: [3, 1, 3], Empty: [], Null: null };
    expect(read('split', { split_id: SPLIT, split_output: { splits }, credits_used: 2 })).toEqual({
      reference: SPLIT,
      sections: [
        { name: 'Lines', pages: [1, 3] },
        { name: 'Empty', pages: [] },
        { name: 'Null', pages: [] },
      ],
      usage: { pages: null, credits: 2 },
    });
  });
});

describe('names', () => {
  const names = ['Zebra', 'constructor', 'Ähre', 'values'];
  const of = <T>(value: T): Record<string, T> => Object.fromEntries(names.map((name) => [name, value]));

  it('of sections stay in the vendor’s order', () => {
    const { sections } = read('split', { split_id: SPLIT, split_output: { splits: of([1]) } });
    expect(sections?.map(({ name }) => name)).toEqual(names);
  });

  it('of sections’ values likewise', () => {
    const { sectionValues } = read('extract', { split_id: SPLIT, results: of({ values: 1 }) });
    expect(sectionValues?.map(({ name }) => name)).toEqual(names);
  });
});

describe('what only this vendor has', () => {
  it('tables: how many there are, not what is in them', () => {
    const table = { table_content: '<table>Secret</table>', citations: [] };
    const tables = [table, { ...table, from_chart: true }, { ...table, from_chart: 'no' }];
    expect(read('tables', { tables_id: 't', tables_output: { tables } }).value).toEqual({
      tables_id: 't',
      tables: 3,
      charts: 1,
    });
  });

  it('pipeline: ids and values of the steps, no text', () => {
    const body = {
      status: 'completed',
      total_latency: 3,
      results: {
        extract: { ...parsed, pages: 3, latency: 1, chunks: ['Secret'] },
        split: { split_id: SPLIT, split_output: { splits: { a: [1] } }, split_input: [{ name: 'Secret' }], latency: 1 },
        schema: { schema_id: 's', schema_output: { values: { markdown: 'wanted' } }, latency: 1 },
        tables: { tables_id: 't', tables_output: { tables: [{ table_content: 'Secret' }] } },
        unheard: { of: 'Secret' },
        odd: 'Secret',
      },
    };
    const { value } = read('pipeline', body);
    expect(value).toEqual({
      extract: { extraction_id: EXTRACTION, page_count: 3, pages: 3, latency: 1 },
      split: { split_id: SPLIT, split_output: { splits: { a: [1] } }, latency: 1 },
      schema: { schema_id: 's', schema_output: { values: { markdown: 'wanted' } }, latency: 1 },
      tables: { tables_id: 't' },
      unheard: {},
      odd: null,
    });
  });
});

it.each([
  ['parse', null, ''],
  ['parse', [], ''],
  ['parse', 'text', ''],
  ['extract', parsed, 'schema_output'],
  ['extract', {}, 'schema_output'],
  ['extract', { schema_output: {} }, 'schema_output.values'],
  ['extract', { schema_output: [] }, 'schema_output'],
  ['extract', { split_id: SPLIT, split_output: { splits: {} } }, 'results'],
  ['extract', { split_id: SPLIT, results: { a: {} } }, 'results.a.values'],
  ['split', parsed, 'split_id'],
  ['split', { split_id: SPLIT }, 'split_output'],
  ['split', { split_id: SPLIT, split_output: { splits: { a: ['1'] } } }, 'split_output.splits.a.0'],
  ['split', { split_id: SPLIT, split_output: { splits: { a: [0] } } }, 'split_output.splits.a.0'],
  ['tables', parsed, 'tables_output'],
  ['tables', { tables_output: { tables: {} } }, 'tables_output.tables'],
  ['pipeline', { status: 'completed' }, 'results'],
  ['pipeline', { results: [] }, 'results'],
] as [Operation, unknown, string][])('refuses for a %s %j', (operation, body, field) => {
  const refused = (): unknown => read(operation, body);
  expect(refused).toThrow();
  try {
    refused();
  } catch (error) {
    expect((error as VendorError).facts).toMatchObject({ kind: 'invalid_reply', endpoint: 'GET /job/{id}', field });
    expect((error as VendorError).message).not.toContain('Secret');
  }
});
