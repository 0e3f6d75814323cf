import { describe, expect, it } from 'vitest';
import { answerOf, INVOICE_TEXT, withSandbox } from './client.js';

describe('the key', () => {
  it.each([
    ['is missing: the proxy answers', {}, 403, '<html>'],
    ['is empty', { authorization: 'Bearer ' }, 401, 'Provide an access token'],
    ['is wrong', { authorization: 'Bearer nope' }, 401, 'Invalid access token'],
    ['comes without Bearer', { authorization: 'sandbox-key' }, 401, 'Provide an access token'],
  ])('%s', async (_name, headers, status, text) => {
    await withSandbox({}, async ({ sandbox }) => {
      const answer = await answerOf(await fetch(`${sandbox.reducto.baseUrl}/jobs`, { headers }));
      expect(answer.status).toBe(status);
      expect(JSON.stringify(answer.body)).toContain(text);
      expect(sandbox.ledger.counts()).toMatchObject({ lists: 1, refusedKeys: 1 });
    });
  });

  it('is not asked for by /version', async () => {
    await withSandbox({}, async ({ sandbox }) => {
      expect((await fetch(`${sandbox.reducto.baseUrl}/version`)).status).toBe(200);
    });
  });
});

describe('a body', () => {
  const url = 'https://example.invalid/a.pdf';
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  it.each([
    ['/parse_async', {}, 422, [{ loc: ['body', 'SyncParseConfig', 'input'], type: 'missing' }, { type: 'missing' }]],
    ['/extract_async', {}, 422, [{ loc: ['body', 'SyncExtractConfig', 'input'], msg: 'Field required' }, {}]],
    ['/split_async', { input: url }, 422, [{ loc: ['body', 'split_description'], type: 'missing' }]],
    [
      '/split_async',
      { input: url, split_description: [{ name: 1 }] },
      422,
      [{ loc: ['body', 'split_description', 0, 'name'] }, {}],
    ],
    ['/pipeline_async', { input: url, pipeline_id: 'p', settings: { x: 1 } }, 422, [{ loc: ['body', 'settings'] }]],
    ['/edit_async', { document_url: url }, 422, [{ loc: ['body', 'edit_instructions'], type: 'missing' }]],
    ['/classify_async', {}, 422, [{ loc: ['body', 'input'], type: 'missing' }]],
    [
      '/parse_async',
      { input: url, retrieval: { chunking: { chunk_mode: 'x' } } },
      422,
      [{ type: 'literal_error' }, {}],
    ],
  ])('%s %j is refused field by field', async (path, body, status, detail) => {
    await withSandbox({}, async ({ client, sandbox }) => {
      expect(await client.post(path, body)).toMatchObject({ status, body: { detail } });
      expect(sandbox.ledger.accepted()).toEqual([]);
    });
  });

  it.each([
    ['/parse_async', { input: url, document_url: url }, 400, 'INVALID_CONFIG'],
    ['/parse_async', { document_url: url, retrieval: {} }, 400, 'INVALID_CONFIG'],
    ['/parse_async', { input: 'not a url' }, 400, 'INVALID_CONFIG'],
    ['/parse_async', { input: 'reducto://never-uploaded.pdf' }, 404, 'NOT_FOUND'],
    ['/parse_async', { input: 'jobid://unknown' }, 404, 'NOT_FOUND'],
    ['/extract_async', { input: url, instructions: { schema: { type: 'array' } } }, 422, 'INVALID_SCHEMA'],
    [
      '/extract_async',
      { input: url, instructions: { schema }, settings: { array_extract: true } },
      422,
      'INVALID_SCHEMA',
    ],
    ['/classify_async', { input: url }, 422, 'INVALID_SCHEMA'],
  ])('%s %j is refused with a name', async (path, body, status, name) => {
    await withSandbox({}, async ({ client, sandbox }) => {
      const answer = await client.post(path, body);
      expect(answer).toMatchObject({ status, body: { error: { code: status, name, job_id: null } } });
      expect(answer.body).toHaveProperty('detail', (answer.body as { error: { message: string } }).error.message);
      expect(sandbox.ledger.submits()).toMatchObject([{ status, jobId: null }]);
    });
  });

  it('that is no JSON is 422', async () => {
    await withSandbox({}, async ({ sandbox }) => {
      const { apiKey, baseUrl } = sandbox.reducto;
      const headers = { authorization: `Bearer ${apiKey}` };
      const response = await fetch(`${baseUrl}/parse_async`, { method: 'POST', headers, body: '{' });
      expect(await answerOf(response)).toMatchObject({ status: 422, body: { detail: [{ type: 'json_invalid' }] } });
    });
  });

  it('of the older form still works', async () => {
    await withSandbox({}, async ({ client, sandbox }) => {
      const document_url = await client.upload(INVOICE_TEXT, 'a.txt');
      await client.submit('parse', { document_url, webhook: { mode: 'disabled', metadata: 'mine' } });
      expect(sandbox.ledger.accepted('parse')).toMatchObject([{ metadata: 'mine' }]);
    });
  });

  it('with an async block makes a synchronous parse asynchronous', async () => {
    await withSandbox({}, async ({ client }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const { body } = await client.post('/parse', { input, async: {} });
      expect(Object.keys(body as object)).toEqual(['job_id']);
    });
  });
});

describe('GET /jobs', () => {
  it.each(['limit=0', 'limit=501', 'limit=x', 'exclude_configs=maybe'])('?%s is 422', async (query) => {
    await withSandbox({}, async ({ client }) => {
      expect(await client.get(`/jobs?${query}`)).toMatchObject({ status: 422, body: { detail: [{}] } });
    });
  });

  it('shows what was asked, with the caller’s metadata and without passwords', async () => {
    await withSandbox({}, async ({ client }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const settings = { document_password: 'hunter2' };
      const id = await client.submit('parse', { input, settings, async: { metadata: { marker: 'm-1' } } });
      const { body } = await client.get('/jobs?cursor=');
      expect(body).toMatchObject({
        jobs: [{ job_id: id, type: 'Parse', status: 'Pending', created_at: '2026-01-15T00:00:00.000Z' }],
        next_cursor: null,
      });
      expect(JSON.stringify(body)).toContain('m-1');
      expect(JSON.stringify(body)).not.toContain('hunter2');
      const { body: bare } = (await client.get('/jobs?exclude_configs=true')) as { body: { jobs: object[] } };
      expect(bare.jobs[0]).not.toHaveProperty('raw_config');
    });
  });

  it('can hide the metadata and can be late', async () => {
    await withSandbox({ reducto: { echoMetadata: false, listSettleMs: 3_000 } }, async ({ client, clock }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      await client.submit('parse', { input, async: { metadata: 'm-1' } });
      expect(await client.get('/jobs')).toMatchObject({ body: { jobs: [] } });
      clock.advance(3_000);
      const { body } = await client.get('/jobs');
      expect(body).toMatchObject({ jobs: [{ type: 'Parse' }] });
      expect(JSON.stringify(body)).not.toContain('m-1');
    });
  });
});
