import { describe, expect, it } from 'vitest';
import type { Provider } from '../../../src/providers/provider.js';
import type { Answer } from '../vendor-server.js';
import { drop, errorOf, EXTRACTION, hang, KEY, page, withPulse } from './helpers.js';

const unknown: Answer = { status: 404, body: { error: { code: 'JOB_001', message: 'Job not found' } } };
const submit = (provider: Provider): Promise<unknown> =>
  provider.submit({ operation: 'parse', input: 'https://h/a.pdf' }, { marker: 'm' }, {});
const reuse = (provider: Provider): Promise<unknown> =>
  provider.submit({ operation: 'tables', input: EXTRACTION }, { marker: 'm' }, {});

describe('a submit is sent once and says whether it may have arrived', () => {
  it.each([
    ['dropped', drop, 'unreachable', true],
    ['a gateway’s page', page(502, 'Bad Gateway'), 'server', true],
    ['unavailable', { status: 503, body: { error: { code: 'GENERAL_503', message: `no ${KEY}` } } }, 'server', true],
    ['redirected', { status: 307, headers: { location: '/elsewhere' } }, 'server', true],
    ['a success in HTML', page(200, 'Welcome'), 'invalid_reply', true],
    ['too many', { status: 429, headers: { 'retry-after': '3' } }, 'rate_limited', true],
    ['a bad key', { status: 401, body: { error: { code: 'AUTH_002', message: KEY } } }, 'auth', true],
    ['no source', { status: 400, body: { error: { code: 'REQ_001', message: 'No file' } } }, 'rejected', true],
    ['not found', unknown, 'rejected', true],
  ] as [string, Answer, string, boolean][])('%s', async (_what, answer, kind, sent) => {
    await withPulse(answer, {}, async (provider, server) => {
      const { facts } = await errorOf(submit(provider));
      expect(facts).toMatchObject({ kind, sent, endpoint: 'POST /extract' });
      expect(server.seen).toHaveLength(1);
    });
  });

  it.each([
    ['late', hang],
    ['half, and no more', { byHand: (_request, response) => void response.writeHead(200).write('{"job_id":') }],
  ] as [string, Answer][])('%s', async (_what, answer) => {
    await withPulse(answer, { submitTimeoutMs: 50 }, async (provider) => {
      expect((await errorOf(submit(provider))).facts).toMatchObject({ kind: 'unreachable', sent: true });
    });
  });

  it('an expired reference, where it names one', async () => {
    await withPulse(unknown, {}, async (provider) => {
      expect((await errorOf(reuse(provider))).facts).toMatchObject({
        kind: 'reference_expired',
        endpoint: 'POST /tables',
        code: 'JOB_001',
      });
    });
  });
});

it('rethrows the caller’s own reason', async () => {
  const reason = { why: 'the caller' };
  await withPulse(hang, {}, async (provider, server) => {
    const signal = AbortSignal.abort(reason);
    await expect(provider.get('j', 'parse', { signal })).rejects.toBe(reason);
    expect(server.seen).toHaveLength(0);
  });
});

describe('a status read', () => {
  it('escapes the id and sends the key', async () => {
    await withPulse({ status: 200, body: { job_id: 'a/b', status: 'processing' } }, {}, async (provider, server) => {
      expect(await provider.get('a/b', 'parse', {})).toEqual({
        snapshot: { status: 'running', vendorStatus: 'processing', progress: null },
        usage: { pages: null, credits: null },
      });
      expect(server.seen).toMatchObject([{ method: 'GET', url: '/job/a%2Fb', headers: { 'x-api-key': KEY } }]);
    });
  });

  it.each([unknown, { status: 410, body: '' }])('is null for %j', async (answer) => {
    await withPulse(answer, {}, async (provider) => {
      expect(await provider.get('j', 'parse', {})).toBeNull();
    });
  });

  it.each([
    ['a proxy’s 404', page(404, 'Not Found'), 'server'],
    ['another organisation’s job', { status: 403, body: { error: 'Forbidden' } }, 'rejected'],
    ['trouble', { status: 500, body: { error: 'x' } }, 'server'],
    ['too many', { status: 429 }, 'rate_limited'],
    ['a refused key', { status: 401 }, 'auth'],
    ['no status', { status: 200, body: { job_id: 'j' } }, 'invalid_reply'],
    ['a list', { status: 200, body: [] }, 'invalid_reply'],
  ] as [string, Answer, string][])('throws for %s', async (_what, answer, kind) => {
    await withPulse(answer, {}, async (provider) => {
      expect((await errorOf(provider.get('j', 'parse', {}))).facts).toMatchObject({ kind, endpoint: 'GET /job/{id}' });
    });
  });

  it.each(['expired', 'canceled', 'failed'])('has no body of a job that is %s', async (status) => {
    await withPulse({ status: 200, body: { status, result: {}, error: 'x' } }, {}, async (provider) => {
      expect(await provider.get('j', 'parse', {})).not.toHaveProperty('body');
    });
  });

  it('gives the result of a completed one as often as it is asked for', async () => {
    const result = { markdown: '# A', extraction_id: EXTRACTION, page_count: 2, credits_used: 2 };
    await withPulse({ status: 200, body: { status: 'completed', result } }, {}, async (provider, server) => {
      const read = await provider.get('j', 'parse', {});
      expect(read?.usage).toEqual({ pages: 2, credits: 2 });
      const body = read?.body;
      if (body?.kind !== 'json') throw new Error('expected an inline body');
      expect([await body.load({}), await body.load({})]).toEqual([result, result]);
      expect(server.seen).toHaveLength(1);
    });
  });

  it.each([
    [undefined, 'result'],
    [null, 'result'],
    [{ is_url: true }, 'url'],
    [{ is_url: true, url: '' }, 'url'],
  ])('says completed although the result is %j', async (result, field) => {
    await withPulse({ status: 200, body: { status: 'completed', result } }, {}, async (provider) => {
      const read = await provider.get('j', 'parse', {});
      expect(read?.snapshot.status).toBe('completed');
      const body = read?.body;
      if (body?.kind !== 'json') throw new Error('expected a body that can’t be loaded');
      expect((await errorOf(body.load({}))).facts).toMatchObject({ kind: 'invalid_reply', field });
    });
  });
});

describe('a cancel', () => {
  it.each([
    [200, { job_id: 'j', message: 'Job cancelled successfully' }, true],
    [204, '', true],
    [400, { error: 'already completed' }, true],
    [409, '', true],
    [403, { error: { message: 'another organisation' } }, true],
    [404, { error: 'Job not found' }, false],
    [410, '', false],
  ])('answered %i %j gives %s', async (status, body, known) => {
    const answer: Answer =
      status === 204 ? { byHand: (_request, response) => response.writeHead(204).end() } : { status, body };
    await withPulse(answer, {}, async (provider, server) => {
      expect(await provider.cancel('a/b', {})).toBe(known);
      expect(server.seen).toMatchObject([
        { method: 'DELETE', url: '/job/a%2Fb', body: '', headers: { 'x-api-key': KEY } },
      ]);
    });
  });

  it.each([
    [500, { error: 'could not be cancelled' }, 'server'],
    [404, '<html>no such route</html>', 'server'],
    [404, '', 'server'],
    [502, '<html>Bad Gateway</html>', 'server'],
    [429, {}, 'rate_limited'],
    [401, {}, 'auth'],
    [403, { error: { code: 'AUTH_004', message: 'x' } }, 'auth'],
  ])('answered %i %j throws', async (status, body, kind) => {
    await withPulse({ status, body }, {}, async (provider) => {
      expect((await errorOf(provider.cancel('j', {}))).facts).toMatchObject({ kind, endpoint: 'DELETE /job/{id}' });
    });
  });
});

describe('a probe', () => {
  it('asks for a job that can’t exist, and takes its absence for a good key', async () => {
    await withPulse(unknown, {}, async (provider, server) => {
      await provider.probe({});
      await provider.probe({});
      const [one, two] = server.seen;
      expect(one).toMatchObject({ method: 'GET', url: expect.stringMatching(/^\/job\/[0-9a-f-]{36}$/) as string });
      expect(two?.url).not.toBe(one?.url);
    });
  });

  it.each([
    ['a bad key', { status: 401, body: { error: { code: 'AUTH_002', message: 'x' } } }, 'auth'],
    ['a revoked key', { status: 403, body: { error: { code: 'AUTH_004', message: 'x' } } }, 'auth'],
    ['a proxy', page(404, 'Not Found'), 'server'],
    ['a login page', page(200, 'Log in'), 'invalid_reply'],
    ['trouble', { status: 503 }, 'server'],
  ] as [string, Answer, string][])('is not content with %s', async (_what, answer, kind) => {
    await withPulse(answer, {}, async (provider) => {
      expect((await errorOf(provider.probe({}))).kind).toBe(kind);
    });
  });
});
