import { expect, it } from 'vitest';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import type { JsonObject } from '../../../src/jobs/json.js';
import { buildRequest } from '../../../src/providers/reducto/requests.js';

const metadata = { documentJobs: { marker: 'm1' } };
const schema = { type: 'object', properties: { a: { type: 'string' } } };
const sections = [{ name: 'A', description: 'about a' }];
const pinned = { settings: { model: 'r-1' } };
const url = 'https://h/a.pdf';
const parsed = 'jobid://j1';

it.each([
  ['parse', { input: url }, '/parse_async', { input: url, ...pinned, async: { metadata } }],
  [
    'parse, pages',
    { input: url, pages: [1, 2] },
    '/parse_async',
    { input: url, settings: { model: 'r-1', page_range: [1, 2] }, async: { metadata } },
  ],
  [
    'parse, page range',
    { input: url, pages: { start: 2 } },
    '/parse_async',
    { input: url, settings: { model: 'r-1', page_range: { start: 2 } }, async: { metadata } },
  ],
  [
    'parse, options',
    {
      input: url,
      options: {
        settings: { model: 'legacy', timeout: 60 },
        formatting: { merge_tables: true },
        queue_priority: 'batch',
      },
    },
    '/parse_async',
    {
      input: url,
      settings: { model: 'legacy', timeout: 60 },
      formatting: { merge_tables: true },
      queue_priority: 'batch',
      async: { metadata },
    },
  ],
  [
    'parse, model null',
    { input: url, options: { settings: { model: null } } },
    '/parse_async',
    { input: url, ...pinned, async: { metadata } },
  ],
  [
    'parse, async block',
    { input: url, options: { async: { priority: true, metadata: { mine: 1, documentJobs: 'no' }, webhook: null } } },
    '/parse_async',
    { input: url, ...pinned, async: { priority: true, webhook: null, metadata: { mine: 1, ...metadata } } },
  ],
  [
    'extract',
    { operation: 'extract', input: url, schema },
    '/extract_async',
    { input: url, parsing: pinned, instructions: { schema }, async: { metadata } },
  ],
  [
    'extract, options',
    {
      operation: 'extract',
      input: url,
      schema,
      pages: [3],
      options: {
        instructions: { system_prompt: 'p' },
        settings: { deep_extract: true },
        parsing: { enhance: {}, settings: { model: 'x' } },
      },
    },
    '/extract_async',
    {
      input: url,
      parsing: { enhance: {}, settings: { model: 'x' } },
      instructions: { system_prompt: 'p', schema },
      settings: { deep_extract: true, page_range: [3] },
      async: { metadata },
    },
  ],
  [
    'extract, parsed',
    { operation: 'extract', input: parsed, schema, options: { parsing: { enhance: {} } } },
    '/extract_async',
    { input: parsed, instructions: { schema }, async: { metadata } },
  ],
  [
    'extract, several parsed',
    { operation: 'extract', input: [parsed, 'jobid://j2'], schema },
    '/extract_async',
    { input: [parsed, 'jobid://j2'], instructions: { schema }, async: { metadata } },
  ],
  [
    'split',
    { operation: 'split', input: 'reducto://f', sections },
    '/split_async',
    { input: 'reducto://f', parsing: pinned, split_description: sections, async: { metadata } },
  ],
  [
    'split, parsed',
    { operation: 'split', input: parsed, sections, options: { split_rules: 'r', parsing: {} } },
    '/split_async',
    { input: parsed, split_description: sections, split_rules: 'r', async: { metadata } },
  ],
  [
    'pipeline',
    { operation: 'pipeline', input: url, options: { pipeline_id: 'p' } },
    '/pipeline_async',
    { input: url, pipeline_id: 'p', async: { metadata } },
  ],
  [
    'classify',
    { operation: 'classify', input: url, pages: [1], options: { priority: true } },
    '/classify_async',
    { input: url, page_range: [1], priority: true, async: { metadata } },
  ],
  [
    'edit',
    { operation: 'edit', input: url, options: { edit_instructions: 'e' } },
    '/edit_async',
    { document_url: url, edit_instructions: 'e', webhook: { mode: 'disabled', metadata } },
  ],
  [
    'edit, webhook',
    {
      operation: 'edit',
      input: url,
      options: { edit_instructions: 'e', webhook: { mode: 'direct', url: 'https://w', metadata: { mine: 1 } } },
    },
    '/edit_async',
    {
      document_url: url,
      edit_instructions: 'e',
      webhook: { mode: 'direct', url: 'https://w', metadata: { mine: 1, ...metadata } },
    },
  ],
] as [string, Partial<OperationRequest>, string, JsonObject][])('%s', (_what, request, path, body) => {
  const built = buildRequest({ operation: 'parse', input: url, ...request }, 'r-1', { marker: 'm1' });
  expect(built).toEqual({ path, body });
});

it('leaves the caller’s options as they were', () => {
  const options = Object.freeze({ settings: Object.freeze({ timeout: 1 }), async: Object.freeze({ priority: true }) });
  buildRequest({ operation: 'parse', input: url, pages: [1], options }, 'r-1', { marker: 'm1' });
  expect(options).toEqual({ settings: { timeout: 1 }, async: { priority: true } });
});
