import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../../src/providers/reducto/check.js';

const schema = { type: 'object' };
const sections = [{ name: 'A', description: 'about a' }];
const extract = { operation: 'extract', schema };
const split = { operation: 'split', sections };
const edit = { operation: 'edit', options: { edit_instructions: 'e' } };
const classify = { operation: 'classify' };
const pipeline = { operation: 'pipeline', options: { pipeline_id: 'p' } };
const parsed = 'jobid://j1';

/** Requests come from any language: their shape is not to be trusted. */
const check = (request: object) => checkRequest({ operation: 'parse', input: 'https://h/a.pdf', ...request });

describe('takes', () => {
  it.each([
    {},
    { input: 'reducto://f.pdf' },
    { input: parsed },
    { input: 's3://bucket/key' },
    { input: ['https://h/a', 'https://h/b'] },
    { pages: [1, 3] },
    { pages: { start: 2 } },
    { pages: { end: 2 } },
    { pages: { start: 2, end: 2 } },
    { options: { settings: { page_range: [1] }, async: { metadata: { mine: 1 } } } },
    { options: { settings: null, async: { metadata: null } } },
    extract,
    { ...extract, input: [parsed, 'jobid://j2'] },
    split,
    { ...split, input: parsed },
    edit,
    classify,
    { ...classify, options: { page_range: [1] } },
    pipeline,
  ])('%j', (request) => {
    expect(check(request)).toBeNull();
  });
});

describe('refuses, naming the field and what is allowed,', () => {
  it.each([
    [{ operation: 'tables' }, 'operation', /parse, extract, split.*not tables/],
    [{ operation: 'constructor' }, 'operation', /not constructor/],
    [{ input: '' }, 'input', /URL/],
    [{ input: [] }, 'input', /URL/],
    [{ input: null }, 'input', /URL/],
    [{ input: ['https://h/a', 7] }, 'input', /URL/],
    [{ input: '/tmp/a.pdf' }, 'input', /https:\/\/.*local files are uploaded first/],
    [{ input: 'file:///a.pdf' }, 'input', /https:\/\//],
    [{ input: [parsed, 'jobid://j2'] }, 'input', /only extract/],
    [{ ...extract, input: [parsed, 'https://h/a'] }, 'input', /requests of their own/],
    [{ ...split, input: [parsed] }, 'input', /one document/],
    [{ ...edit, input: ['https://h/a'] }, 'input', /one document/],
    [{ ...edit, input: parsed }, 'input', /document itself/],
    [{ ...classify, input: 'JOBID://j1' }, 'input', /document itself/],
    [{ ...pipeline, input: parsed }, 'input', /document itself/],
    [{ schema }, 'schema', /only extract/],
    [{ operation: 'extract' }, 'schema', /"type": "object"/],
    [{ operation: 'extract', schema: { type: 'array' } }, 'schema', /"type": "object"/],
    [{ sections }, 'sections', /only split/],
    [{ operation: 'split' }, 'sections', /at least one/],
    [{ operation: 'split', sections: [] }, 'sections', /at least one/],
    [{ operation: 'split', sections: { name: 'A' } }, 'sections', /at least one/],
    [{ operation: 'split', sections: [...sections, null] }, 'sections.1', /\{name, description\}/],
    [{ operation: 'split', sections: [{ name: 1, description: 'd' }] }, 'sections.0', /\{name, description\}/],
    [{ operation: 'split', sections: [{ name: 'A', description: ' ' }] }, 'sections.0', /neither empty/],
    [{ ...split, pages: [1] }, 'pages', /restrict them at parse/],
    [{ pages: [] }, 'pages', /from 1/],
    [{ pages: [0] }, 'pages', /from 1/],
    [{ pages: [1.5] }, 'pages', /from 1/],
    [{ pages: { start: 'x' } }, 'pages', /from 1/],
    [{ pages: { start: 3, end: 2 } }, 'pages', /reversed: 3–2/],
    [{ pages: '1-3' }, 'pages', /\{start, end\}/],
    [{ pages: null }, 'pages', /\{start, end\}/],
    [{ options: [] }, 'options', /an object/],
    [{ options: 'fast' }, 'options', /an object/],
    [{ options: { input: 'x' } }, 'options.input', /set by "source"/],
    [{ pages: [1], options: { settings: { page_range: [2] } } }, 'options.settings.page_range', /set by "pages"/],
    [{ ...extract, options: { input: 'x' } }, 'options.input', /set by "parsed"/],
    [{ ...extract, options: { instructions: { schema } } }, 'options.instructions.schema', /set by "schema"/],
    [{ ...split, options: { split_description: [] } }, 'options.split_description', /set by "sections"/],
    [{ ...classify, pages: [1], options: { page_range: [1] } }, 'options.page_range', /set by "pages"/],
    [{ operation: 'edit' }, 'options.edit_instructions', /needs it/],
    [
      { operation: 'edit', options: { edit_instructions: 'e', document_url: 'x' } },
      'options.document_url',
      /set by "input"/,
    ],
    [{ operation: 'pipeline', options: { pipeline_id: 7 } }, 'options.pipeline_id', /a text/],
    [{ options: { settings: 'fast' } }, 'options.settings', /an object/],
    [{ options: { async: [] } }, 'options.async', /an object/],
    [{ options: { async: { metadata: 'mine' } } }, 'options.async.metadata', /an object/],
    [
      { operation: 'edit', options: { edit_instructions: 'e', webhook: { metadata: 1 } } },
      'options.webhook.metadata',
      /an object/,
    ],
  ])('%j', (request, field, reason) => {
    expect(check(request)).toEqual({ field, reason: expect.stringMatching(reason) as string });
  });
});
