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
const check = (request: object, hasSecrets = true) =>
  checkRequest({ operation: 'parse', input: 'https://h/a.pdf', ...request }, { hasSecrets });

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
    { options: { settings: { document_password: { secret: 'acme contracts' } } } },
    { options: { settings: { document_password: null } } },
    { ...extract, options: { parsing: { settings: { document_password: { secret: 's' } } } } },
    { ...split, options: { parsing: { settings: { document_password: { secret: 's' } } } } },
    { ...pipeline, options: { pipeline_id: 'p', settings: { document_password: { secret: 's' } } } },
    { ...extract, schema: { type: 'object', properties: { document_password: { type: 'string' } } } },
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

describe('a password', () => {
  const PASSWORD = 'hunter2';
  const settings = (document_password: unknown) => ({ settings: { document_password } });

  it.each([
    ['parse', settings(PASSWORD), 'options.settings.document_password'],
    ['parse', settings({ secret: '' }), 'options.settings.document_password'],
    ['parse', settings({ secret: 's', value: PASSWORD }), 'options.settings.document_password'],
    ['parse', settings([PASSWORD]), 'options.settings.document_password'],
    ['parse', settings(7), 'options.settings.document_password'],
    ['extract', { parsing: settings(PASSWORD) }, 'options.parsing.settings.document_password'],
    ['split', { parsing: settings(PASSWORD) }, 'options.parsing.settings.document_password'],
    ['pipeline', { pipeline_id: 'p', ...settings(PASSWORD) }, 'options.settings.document_password'],
  ])('of %s as %j is refused: it would stand in history', (operation, options, field) => {
    const request = { ...{ extract, split }[operation], operation, options };
    const problem = check(request);
    expect(problem).toEqual({
      field,
      reason: expect.stringMatching(/in Temporal's history.*\{ "secret": "name" \}.*secrets: \(name\)/) as string,
    });
    expect(problem?.reason).not.toContain(PASSWORD);
  });

  it.each([
    [{ ...extract, options: settings(PASSWORD) }, 'options.settings.document_password', /options\.parsing\.settings/],
    [{ options: { document_password: PASSWORD } }, 'options.document_password', /options\.settings\.document_password/],
    [{ ...edit, options: { edit_instructions: 'e', ...settings({ secret: 's' }) } }, null, /edit takes no/],
    [{ ...classify, options: { document_password: PASSWORD } }, 'options.document_password', /classify takes no/],
    [
      { options: { async: { metadata: { list: [{ document_password: PASSWORD }] } } } },
      'options.async.metadata.list.0.document_password',
      /options\.settings/,
    ],
  ])('anywhere else is refused: %j', (request, field, reason) => {
    const problem = check(request);
    expect(problem).toEqual({
      field: field ?? 'options.settings.document_password',
      reason: expect.stringMatching(reason) as string,
    });
    expect(problem?.reason).not.toContain(PASSWORD);
  });

  it('by name is refused where the account has no secrets', () => {
    expect(check({ options: settings({ secret: 'acme' }) }, false)).toEqual({
      field: 'options.settings.document_password',
      reason: expect.stringMatching(/secret "acme".*no secrets.*reducto\(\{ secrets/) as string,
    });
    expect(check({}, false)).toBeNull();
  });
});
