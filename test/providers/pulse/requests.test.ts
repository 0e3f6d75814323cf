import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import type { DocumentFile } from '../../../src/providers/provider.js';
import type { Answer } from '../vendor-server.js';
import { errorOf, EXTRACTION, KEY, SPLIT, withPulse } from './helpers.js';

const schema = { type: 'object', properties: { total: { type: 'number' } } };
const sections = [
  { name: 'lines', description: 'the lines' },
  { name: 'terms', description: 'the terms' },
];

describe('sends one JSON body', () => {
  it.each([
    [
      'parse',
      { operation: 'parse', input: 'https://h/a.pdf?sig=1' },
      '/extract',
      { file_url: 'https://h/a.pdf?sig=1' },
    ],
    [
      'parse of pages with the vendor’s own fields',
      {
        operation: 'parse',
        input: 'https://h/a.pdf',
        pages: [5, 1, 2],
        options: { model: 'pulse-ultra-2', extensions: { altOutputs: { returnHtml: true } } },
      },
      '/extract',
      {
        file_url: 'https://h/a.pdf',
        pages: '1-2,5',
        model: 'pulse-ultra-2',
        extensions: { altOutputs: { returnHtml: true } },
      },
    ],
    [
      'parse of a range',
      { operation: 'parse', input: 'https://h/a.pdf', pages: { end: 3 } },
      '/extract',
      { file_url: 'https://h/a.pdf', pages: '1-3' },
    ],
    [
      'parse of one page',
      { operation: 'parse', input: 'https://h/a.pdf', pages: { start: 3, end: 3 } },
      '/extract',
      { file_url: 'https://h/a.pdf', pages: '3' },
    ],
    [
      'extract',
      { operation: 'extract', input: EXTRACTION, schema, options: { schema_config: { schema_prompt: 'p' } } },
      '/schema',
      { extraction_id: EXTRACTION, schema_config: { schema_prompt: 'p', input_schema: schema } },
    ],
    [
      'extract of several',
      { operation: 'extract', input: [EXTRACTION, 'e2'], schema },
      '/schema',
      { extraction_ids: [EXTRACTION, 'e2'], schema_config: { input_schema: schema } },
    ],
    [
      'extract of sections',
      {
        operation: 'extract',
        input: SPLIT,
        sectionSchemas: { lines: schema, terms: schema },
        options: { schema_config: { effort: true } },
      },
      '/schema',
      { split_id: SPLIT, split_schema_config: { lines: { effort: true, schema }, terms: { effort: true, schema } } },
    ],
    [
      'split',
      { operation: 'split', input: EXTRACTION, sections },
      '/split',
      { extraction_id: EXTRACTION, split_config: { split_input: sections } },
    ],
    [
      'split by a saved configuration',
      { operation: 'split', input: EXTRACTION, sections: [], options: { split_config_id: 'c' } },
      '/split',
      { extraction_id: EXTRACTION, split_config_id: 'c' },
    ],
    [
      'tables',
      { operation: 'tables', input: EXTRACTION, options: { tables_config: { merge: true } } },
      '/tables',
      { extraction_id: EXTRACTION, tables_config: { merge: true } },
    ],
    [
      'pipeline',
      { operation: 'pipeline', input: 'https://h/a.pdf', options: { steps: { extract: {}, schema: {} } } },
      '/pipeline/execute',
      { file_url: 'https://h/a.pdf', steps: { extract: {}, schema: {} } },
    ],
  ] as [string, OperationRequest, string, object][])('for a %s', async (_what, request, path, body) => {
    await withPulse({ status: 202, body: { job_id: 'j1', status: 'pending' } }, {}, async (provider, server) => {
      expect(await provider.submit(request, { marker: 'a marker' }, {})).toEqual({ jobId: 'j1' });
      const [seen] = server.seen;
      expect(server.seen).toHaveLength(1);
      expect(seen).toMatchObject({
        method: 'POST',
        url: path,
        headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
      });
      const sent = JSON.parse(seen?.body ?? '') as object;
      expect(sent).toEqual({ ...body, async: true });
      expect(Object.keys(sent).join(), 'the vendor’s JSON is in snake case').toMatch(/^[a-z_,]+$/);
    });
  });

  it.each([
    { operation: 'parse', input: 'https://h/a.pdf' },
    { operation: 'extract', input: EXTRACTION, schema },
    { operation: 'split', input: EXTRACTION, sections },
    { operation: 'tables', input: EXTRACTION },
  ] as OperationRequest[])('with options that are null: %o', async (request) => {
    await withPulse({ status: 202, body: { job_id: 'j1' } }, {}, async (provider) => {
      expect(await provider.submit({ ...request, options: null as never }, { marker: 'm' }, {})).toEqual({
        jobId: 'j1',
      });
    });
  });

  it('keeps a pipeline’s steps in their order, which is the order of execution', async () => {
    await withPulse({ status: 202, body: { job_id: 'j1' } }, {}, async (provider, server) => {
      const steps = { extract: {}, split: {}, schema: {} };
      await provider.submit(
        { operation: 'pipeline', input: 'https://h/a.pdf', options: { steps } },
        { marker: 'm' },
        {},
      );
      expect(Object.keys((JSON.parse(server.seen[0]!.body) as { steps: object }).steps)).toEqual(Object.keys(steps));
    });
  });
});

/** Longer than any short limit of undici's lasts, whose timers are a second coarse. */
const slow: Answer = {
  byHand: (_request, response) => void setTimeout(() => response.end('{"job_id":"j1"}'), 1_600),
};

it('waits for an acknowledgement as long as the submit’s limit allows: a lost one can’t be looked for', async () => {
  await withPulse(slow, { limits: { headersMs: 50 } }, async (provider) => {
    expect(await provider.submit({ operation: 'parse', input: 'https://h/a' }, { marker: 'm' }, {})).toEqual({
      jobId: 'j1',
    });
  });
});

it('sends nothing for what the check refuses', async () => {
  await withPulse({ status: 200 }, {}, async (provider, server) => {
    const request: OperationRequest = { operation: 'parse', input: 'https://h/a', options: { fileUrl: 'https://h/b' } };
    expect(provider.check(request)).toMatchObject({ field: 'options.fileUrl' });
    expect(server.seen).toHaveLength(0);
  });
});

describe('sends a file of the worker with the submit', () => {
  async function file(content: string): Promise<DocumentFile> {
    const folder = await mkdtemp(join(tmpdir(), 'pulse-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'x');
    await writeFile(path, content);
    return { filename: 'a "b".pdf', contentType: 'application/pdf', size: content.length, path };
  }

  it('as a form, whatever the input is called', async () => {
    const options = { model: 'default', storage: { folder_name: 'f' }, refine: false, extraction_config_id: null };
    const request: OperationRequest = { operation: 'parse', input: '/docs/a.pdf', pages: [1, 2], options };
    await withPulse({ status: 200, body: { job_id: 'j1' } }, {}, async (provider, server) => {
      await provider.submit(request, { marker: 'm' }, { file: await file('%PDF-1.7 hello') });
      const [seen] = server.seen;
      expect(server.seen).toHaveLength(1);
      expect(seen).toMatchObject({ method: 'POST', url: '/extract', headers: { 'x-api-key': KEY } });
      const form = await new Response(seen!.body, {
        headers: { 'content-type': seen!.headers['content-type']! },
      }).formData();
      const fields = Object.fromEntries([...form].filter(([name]) => name !== 'file'));
      expect(fields).toEqual({
        async: 'true',
        model: 'default',
        pages: '1-2',
        storage: '{"folder_name":"f"}',
        refine: 'false',
      });
      const part = form.get('file') as File;
      expect([part.name, part.type, await part.text()]).toEqual(['a "b".pdf', 'application/pdf', '%PDF-1.7 hello']);
    });
  });

  it('for as long as the submit’s limit allows, not only the headers’', async () => {
    await withPulse(slow, { limits: { headersMs: 50 } }, async (provider) => {
      const request: OperationRequest = { operation: 'parse', input: 'a.pdf' };
      expect(await provider.submit(request, { marker: 'm' }, { file: await file('x') })).toEqual({ jobId: 'j1' });
    });
  });

  it('and says that nothing left when the file can’t be opened', async () => {
    await withPulse({ status: 200 }, {}, async (provider, server) => {
      const gone = { ...(await file('x')), path: '/nowhere/a.pdf' };
      const { facts } = await errorOf(
        provider.submit({ operation: 'parse', input: 'a.pdf' }, { marker: 'm' }, { file: gone }),
      );
      expect(facts).toMatchObject({ kind: 'unreachable', endpoint: 'POST /extract', sent: false });
      expect(server.seen).toHaveLength(0);
    });
  });

  it('and nothing without one', async () => {
    await withPulse({ status: 200 }, {}, async (provider, server) => {
      const { facts } = await errorOf(
        provider.submit({ operation: 'parse', input: '/docs/a.pdf' }, { marker: 'm' }, {}),
      );
      expect(facts).toMatchObject({ kind: 'rejected', endpoint: 'POST /extract', sent: false });
      expect(server.seen).toHaveLength(0);
    });
  });
});
