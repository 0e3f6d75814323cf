import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/jobs/types.js';
import { interpret } from '../../../src/providers/reducto/interpret.js';
import { VendorError } from '../../../src/providers/vendor-error.js';

const bbox = { left: 0.1, top: 0.1, width: 0.2, height: 0.02, page: 1, original_page: 1 };
const citation = {
  type: 'Key Value',
  bbox,
  content: 'INV-9865',
  confidence: 'high',
  granular_confidence: { extract_confidence: 0.996, parse_confidence: 0.821 },
  parentBlock: { type: 'Key Value', bbox, content: '…' },
};
const cited = (value: unknown) => ({ value, citations: [citation] });
const extract = (result: unknown, more = {}) => interpret('extract', 'j', { result, ...more });
const split = (result: unknown) => interpret('split', 'j', { usage: { num_pages: 9 }, result }).sections;

describe('parse', () => {
  const capture = {
    response_type: 'parse',
    job_id: '04fe7cf4',
    duration: 0.78,
    pdf_url: 'https://h/converted.pdf?X-Amz-Signature=1',
    usage: { num_pages: 1, credits: 1.0, page_billing_breakdown: { '1': ['page'] }, non_empty_cell_count: null },
    result: {
      type: 'full',
      chunks: [{ content: '# Hello', embed: '# Hello', enriched: null, blocks: [] }],
      ocr: null,
      custom: null,
    },
    parse_mode: null,
    document_properties: null,
  };
  it.each([
    ['the capture', capture, { pages: 1, credits: 1 }],
    ['no credits', { ...capture, usage: { num_pages: 1, credits: null } }, { pages: 1, credits: null }],
    ['null usage', { ...capture, usage: null }, { pages: null, credits: null }],
    ['odd usage', { ...capture, usage: { num_pages: 'one', credits: [] } }, { pages: null, credits: null }],
  ])('%s', (_what, body, usage) => {
    expect(interpret('parse', 'a b', body)).toEqual({ usage, reference: 'jobid://a b', pageCount: usage.pages });
  });
});

describe('extract', () => {
  it('takes the capture without citations', () => {
    const usage = { num_pages: 1, num_fields: 2, credits: 3.333333, extract_mode: 'extract' };
    const result = [{ invoice_number: 'INV-9865', total: '$14,667.43' }];
    expect(extract(result, { response_type: 'extract', usage, studio_link: 's', citations: null })).toEqual({
      usage: { pages: 1, credits: 3.333333 },
      data: { invoice_number: 'INV-9865', total: '$14,667.43' },
    });
  });

  it.each([
    ['one in a list', [{ a: 1 }], { a: 1 }],
    ['an object', { a: 1 }, { a: 1 }],
    ['several in a list', [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 2 }]],
    ['null', null, null],
    ['fields of those names', { value: 1, citations: ['[1]'] }, { value: 1, citations: ['[1]'] }],
    ['a record with those fields', { title: 't', value: 1, citations: [] }, { title: 't', value: 1, citations: [] }],
    ['a field called value', { value: 1 }, { value: 1 }],
  ])('%s stays plain', (_what, result, data) => {
    const seen = extract(result);
    expect(seen.data).toEqual(data);
    expect(seen).not.toHaveProperty('citations');
  });

  it('unwraps cited leaves, also inside lists, and keeps the citations beside', () => {
    const result = {
      number: cited('INV-9865'),
      plain: 1,
      lines: [{ amount: cited(2), gone: { value: null, citations: [] } }, {}],
    };
    for (const form of [result, [result]]) {
      expect(extract(form, { response_type: 'v3_extract' })).toEqual({
        usage: { pages: null, credits: null },
        data: { number: 'INV-9865', plain: 1, lines: [{ amount: 2, gone: null }, {}] },
        citations: { number: [citation], lines: [{ amount: [citation], gone: [] }, null] },
      });
    }
  });

  it('takes citations that come beside the value', () => {
    expect(extract([{ a: 1 }], { citations: [{ a: [citation] }] })).toMatchObject({
      data: { a: 1 },
      citations: [{ a: [citation] }],
    });
  });
});

describe('split', () => {
  it.each([
    [
      'pages and mapping',
      { splits: [{ name: 'A', pages: [2, 1, 2], conf: 'high', partitions: null }], section_mapping: { A: [1, 2] } },
      [{ name: 'A', pages: [1, 2] }],
    ],
    [
      'mapping only',
      { splits: [{ name: 'A' }, { name: 'B', pages: null }], section_mapping: { A: [3] } },
      [
        { name: 'A', pages: [3] },
        { name: 'B', pages: [] },
      ],
    ],
    [
      'a mapping without splits',
      { splits: null, section_mapping: { A: [2, 1], B: [] } },
      [
        { name: 'A', pages: [1, 2] },
        { name: 'B', pages: [] },
      ],
    ],
    ['null mapping', { splits: [{ name: 'A', pages: [] }], section_mapping: null }, [{ name: 'A', pages: [] }]],
    [
      'deep split',
      {
        splits: [
          {
            name: 'A',
            pages: [
              { page_number: 3, evidence: 'e', confidence: 'medium' },
              { page_number: 2, evidence: 'e' },
            ],
            partitions: null,
          },
        ],
      },
      [{ name: 'A', pages: [2, 3] }],
    ],
    [
      'names of object methods',
      { splits: [{ name: 'constructor' }, { name: 'toString' }], section_mapping: {} },
      [
        { name: 'constructor', pages: [] },
        { name: 'toString', pages: [] },
      ],
    ],
    ['nothing', { splits: [] }, []],
  ])('%s', (_what, result, sections) => {
    expect(split(result)).toEqual(sections);
  });
});

it.each([
  ['classify', { result: { category: 'invoice' }, usage: { num_pages: 1 } }, { category: 'invoice' }],
  ['edit', { document_url: 'https://h/x?sig=1', form_schema: [{ type: 'text' }] }, { form_schema: [{ type: 'text' }] }],
  [
    'pipeline',
    {
      result: {
        parse: { result: { chunks: ['words'] } },
        extract: [{ split_name: 'A', result: { total: 1 } }],
        split: null,
      },
    },
    { extract: [{ split_name: 'A', result: { total: 1 } }], split: null },
  ],
  [
    'pipeline',
    {
      usage: { num_pages: 1 },
      result: {
        parse: [{ result: { chunks: ['words'] } }],
        extract: {
          response_type: 'extract',
          studio_link: 's',
          usage: {},
          result: [{ url: 'u', usage: 'kWh', parse: { chunks: 1 }, document_url: 'd', lines: [{ image_url: 'i' }] }],
        },
        split: { usage: {}, pdf_url: 'https://h/x?sig=1', result: { splits: [{ name: 'usage', pages: [1] }] } },
        edit: { document_url: 'https://h/x?sig=1', usage: {}, form_schema: [{ url: 'u' }] },
        figures: ['a field that is not known'],
      },
    },
    {
      extract: {
        response_type: 'extract',
        result: [{ url: 'u', usage: 'kWh', parse: { chunks: 1 }, document_url: 'd', lines: [{ image_url: 'i' }] }],
      },
      split: { result: { splits: [{ name: 'usage', pages: [1] }] } },
      edit: { form_schema: [{ url: 'u' }] },
    },
  ],
  [
    'pipeline',
    {
      result: {
        extract: [
          { split_name: 'usage', partition: 'url', page_range: [1], result: { usage: {}, result: { url: 'u' } } },
          { split_name: 'B', result: null },
          { split_name: 'C' },
        ],
      },
    },
    {
      extract: [
        { split_name: 'usage', partition: 'url', page_range: [1], result: { result: { url: 'u' } } },
        { split_name: 'B', result: null },
        { split_name: 'C' },
      ],
    },
  ],
  ['pipeline', { result: null }, null],
  ['classify', { result: { category: 'x', url: 'u', usage: 'u' }, usage: {} }, { category: 'x', url: 'u', usage: 'u' }],
  ['classify', { category: 'x', usage: {}, studio_link: 's' }, { category: 'x' }],
  [
    'edit',
    {
      document_url: 'https://h/x?sig=1',
      usage: {},
      studio_link: 's',
      form_schema: [{ url: 'u', usage: 1, chunks: 2 }],
    },
    { form_schema: [{ url: 'u', usage: 1, chunks: 2 }] },
  ],
] as [Operation, unknown, unknown][])(
  '%s gives the vendor’s value, without text and signed URLs, and with fields of any name: %#',
  (operation, body, value) => {
    expect(interpret(operation, 'j', body).value).toEqual(value);
  },
);

it('does not take a parse for an extract: its text would travel as data', () => {
  expect(() => extract({ type: 'full', chunks: [] })).toThrow(/a parse, not an extract/);
});

it.each([
  ['parse', null, ''],
  ['parse', {}, 'result'],
  ['parse', { result: { type: 'full' } }, 'result.chunks'],
  ['extract', {}, 'result'],
  ['extract', 'text', ''],
  ['split', { result: null }, 'result'],
  ['split', { result: {} }, 'result.splits'],
  ['split', { result: { splits: [{ name: 'A', pages: [0] }] } }, 'result.splits.0.pages.0'],
  ['split', { result: { splits: [{ pages: [1] }] } }, 'result.splits.0.name'],
  ['split', { result: { splits: [{ name: 'A', pages: ['1'] }] } }, 'result.splits.0.pages.0'],
  ['classify', [], ''],
] as [Operation, unknown, string][])('%s of %j names the field "%s"', (operation, body, field) => {
  expect.assertions(2);
  try {
    interpret(operation, 'j', body);
  } catch (error) {
    expect(error).toBeInstanceOf(VendorError);
    expect((error as VendorError).facts).toMatchObject({ kind: 'invalid_reply', endpoint: 'GET /job/{id}', field });
  }
});
