import { describe, expect, it } from 'vitest';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import { checkRequest } from '../../../src/providers/pulse/check.js';
import { EXTRACTION, SPLIT } from './helpers.js';

const schema = { type: 'object', properties: {} };
const sections = [{ name: 'lines', description: 'the lines' }];
const parse = { operation: 'parse', input: 'https://h/a.pdf' } as const;
const extract = { operation: 'extract', input: EXTRACTION, schema } as const;
const split = { operation: 'split', input: EXTRACTION, sections } as const;
const tables = { operation: 'tables', input: EXTRACTION } as const;
const pipeline = { operation: 'pipeline', input: 'https://h/a.pdf', options: { steps: { extract: {} } } } as const;

it.each([
  ['parse of a URL', parse],
  ['parse of a file of the worker', { ...parse, input: '/docs/a.pdf' }],
  ['parse of a file URL', { ...parse, input: 'file:///docs/a.pdf' }],
  ['parse of a name', { ...parse, input: 'a.pdf' }],
  ['parse of pages', { ...parse, pages: [1, 2, 5] }],
  ['parse of a range', { ...parse, pages: { start: 2, end: 3 } }],
  ['parse of a range from the start', { ...parse, pages: { end: 3 } }],
  ['parse of pages in the vendor’s words', { ...parse, options: { pages: '1-2,5' } }],
  ['parse that says what is so anyway', { ...parse, options: { storage: { enabled: true, folder_name: 'f' } } }],
  ['options that are null', { ...parse, options: null as never }],
  ['camelCase inside a group', { ...parse, options: { extensions: { altOutputs: { returnHtml: true } } } }],
  ['extract', extract],
  ['extract of several', { ...extract, input: [EXTRACTION, 'ext-2'] }],
  ['extract with words', { ...extract, options: { schema_config: { schema_prompt: 'p', effort: true } } }],
  [
    'extract of sections',
    {
      operation: 'extract',
      input: SPLIT,
      sectionSchemas: { lines: schema },
      options: { schema_config: { effort: true } },
    },
  ],
  ['split', split],
  ['split by a saved configuration', { operation: 'split', input: EXTRACTION, options: { split_config_id: 'c' } }],
  ['the same with an empty list', { ...split, sections: [], options: { split_config_id: 'c' } }],
  ['tables', { ...tables, options: { tables_config: { merge: true } } }],
  ['pipeline', pipeline],
] as [string, OperationRequest][])('takes %s', (_what, request) => {
  expect(checkRequest(request)).toBeNull();
});

describe('refuses', () => {
  it.each([
    ['an operation it has not', { operation: 'edit', input: 'https://h/a' }, 'operation', /parse, .*not edit/],
    ['no input', { ...parse, input: '' }, 'input', /expected/],
    ['an empty list', { ...extract, input: [] }, 'input', /expected/],
    ['another vendor’s parse', { ...extract, input: 'jobid://1' }, 'input', /jobid:\/\/.*another vendor/],
    ['another vendor’s upload', { ...parse, input: 'Reducto://1.pdf' }, 'input', /reducto:\/\/.*another vendor/i],
    ['a parse of a parse', { ...parse, input: EXTRACTION }, 'input', /document itself/],
    ['a parse of several', { ...parse, input: ['https://h/a', 'https://h/b'] }, 'input', /list/],
    ['an extract of a URL', { ...extract, input: 'https://h/a.pdf' }, 'input', /extraction_id.*parse it first/],
    ['an extract of a list with a URL', { ...extract, input: [EXTRACTION, 'http://h/a'] }, 'input', /extraction_id/],
    ['a split of a file', { ...split, input: '/docs/a.pdf' }, 'input', /extraction_id/],
    ['a split of several', { ...split, input: [EXTRACTION] }, 'input', /list/],
    ['tables of a URL', { ...tables, input: 'https://h/a' }, 'input', /extraction_id/],
    ['a pipeline of a file', { ...pipeline, input: '/docs/a.pdf' }, 'input', /URL/],
    ['a pipeline of a parse', { ...pipeline, input: EXTRACTION }, 'input', /document itself/],
    ['no schema', { operation: 'extract', input: EXTRACTION }, 'schema', /"type": "object"/],
    ['a list schema', { ...extract, schema: { type: 'array' } }, 'schema', /"type": "object"/],
    ['a schema elsewhere', { ...split, schema }, 'schema', /only extract/],
    [
      'a schema beside those of sections',
      { ...extract, sectionSchemas: { lines: schema } },
      'schema',
      /sectionSchemas/,
    ],
    ['no section', { operation: 'extract', input: SPLIT, sectionSchemas: {} }, 'sectionSchemas', /at least one/],
    [
      'a section without a schema',
      { operation: 'extract', input: SPLIT, sectionSchemas: { a: schema, b: {} } },
      'sectionSchemas.b',
      /"type": "object"/,
    ],
    [
      'sections of several',
      { operation: 'extract', input: [SPLIT], sectionSchemas: { a: schema } },
      'input',
      /one split/,
    ],
    ['sections’ schemas elsewhere', { ...parse, sectionSchemas: { a: schema } }, 'sectionSchemas', /only extract/],
    ['a split into nothing', { operation: 'split', input: EXTRACTION }, 'sections', /at least one/],
    ['the same as a list', { ...split, sections: [] }, 'sections', /at least one/],
    ['sections elsewhere', { ...parse, sections }, 'sections', /only split/],
    ['an empty description', { ...split, sections: [{ name: 'a', description: ' ' }] }, 'sections.0', /neither empty/],
    [
      'an empty name',
      { ...split, sections: [...sections, { name: '', description: 'b' }] },
      'sections.1',
      /neither empty/,
    ],
    ['a name twice', { ...split, sections: [...sections, ...sections] }, 'sections.1.name', /twice/],
    ['two kinds of sections', { ...split, options: { split_config_id: 'c' } }, 'options.split_config_id', /sections/],
    ['pages at extract', { ...extract, pages: [1] }, 'pages', /whole parsed document.*at parse/],
    ['pages at split', { ...split, pages: [1] }, 'pages', /at parse/],
    ['no pages', { ...parse, pages: [] }, 'pages', /from 1/],
    ['page 0', { ...parse, pages: [0] }, 'pages', /from 1/],
    ['half a page', { ...parse, pages: { start: 1.5, end: 2 } }, 'pages', /from 1/],
    ['pages as text', { ...parse, pages: '1-2' as never }, 'pages', /list of page numbers/],
    ['a reversed range', { ...parse, pages: { start: 3, end: 2 } }, 'pages', /reversed: 3–2/],
    ['an open range', { ...parse, pages: { start: 3 } }, 'pages', /last page/],
    ['options that are none', { ...parse, options: 'x' as never }, 'options', /object/],
    ['a group that is none', { ...parse, options: { storage: true } }, 'options.storage', /object/],
    ['an end that is null', { ...parse, pages: { start: 3, end: null } as never }, 'pages', /last page/],
    ['camelCase, a twin of ours', { ...parse, options: { fileUrl: 'https://h/b' } }, 'options.fileUrl', /file_url/],
    [
      'camelCase of a vendor’s field',
      { ...pipeline, options: { autoDelete: true } },
      'options.autoDelete',
      /auto_delete/,
    ],
    ['an old spelling', { ...parse, options: { 'file-url': 'https://h/b' } }, 'options.file-url', /file_url/],
    ['storage in words', { ...parse, options: { storage: { enabled: 'no' } } }, 'options.storage.enabled', /true/],
    ['no storage', { ...parse, options: { storage: { enabled: false } } }, 'options.storage.enabled', /extraction_id/],
    ['a pipeline without steps', { ...pipeline, options: {} }, 'options.steps', /steps/],
    ['a pipeline with no step', { ...pipeline, options: { steps: {} } }, 'options.steps', /steps/],
  ] as [string, OperationRequest, string, RegExp][])('%s', (_what, request, field, reason) => {
    expect(checkRequest(request)).toEqual({ field, reason: expect.stringMatching(reason) as string });
  });

  it.each([
    [parse, { file_url: 'https://h/b' }, 'file_url'],
    [parse, { file: 'b' }, 'file'],
    [{ ...parse, pages: [1] }, { pages: '2' }, 'pages'],
    [parse, { async: false }, 'async'],
    [extract, { async: true }, 'async'],
    [extract, { extraction_id: 'x' }, 'extraction_id'],
    [extract, { extraction_ids: ['x'] }, 'extraction_ids'],
    [extract, { split_id: 'x' }, 'split_id'],
    [extract, { schema_config: { input_schema: {} } }, 'schema_config.input_schema'],
    [extract, { schema_config_id: 'x' }, 'schema_config_id'],
    [extract, { split_schema_config: {} }, 'split_schema_config'],
    [split, { extraction_id: 'x' }, 'extraction_id'],
    [split, { split_config: { split_input: [] } }, 'split_config'],
    [tables, { extraction_id: 'x' }, 'extraction_id'],
    [pipeline, { steps: { extract: {} }, file_url: 'https://h/b' }, 'file_url'],
  ] as [OperationRequest, OperationRequest['options'], string][])('%o with options %o', (request, options, field) => {
    expect(checkRequest({ ...request, options: options! })?.field).toBe(`options.${field}`);
  });
});
