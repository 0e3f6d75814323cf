import { getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { CallContext, Provider } from '../../../src/providers/provider.js';
import { reducto, type ReductoOptions } from '../../../src/providers/reducto/index.js';
import type { Answer, Seen } from '../vendor-server.js';
import { errorOf, KEY, withVendor } from './with-vendor.js';
import { wanted } from './wanted.js';

const submit = (provider: Provider, context: CallContext = {}) =>
  provider.submit({ operation: 'parse', input: 'https://h/a.pdf' }, { marker: 'm1' }, context);

const hang: Answer = { byHand: () => undefined };
const drop: Answer = { byHand: (request) => request.socket.destroy() };
const html: Answer = {
  status: 502,
  body: '<html><title>502 Bad Gateway</title></html>',
  headers: { 'content-type': 'text/html' },
};

describe('says whether a request may have arrived', () => {
  it('not when the port refuses', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const provider = reducto({ apiKey: KEY, baseUrl: `http://127.0.0.1:${port}` });
    const { facts } = await errorOf(submit(provider));
    expect(facts).toEqual({
      kind: 'unreachable',
      endpoint: 'POST /parse_async',
      reason: 'connection refused',
      sent: false,
    });
    await provider.close();
  });

  it.each([
    ['the connection is dropped after the request was read', drop, {}, 'unreachable', /connection closed/],
    ['no headers come within the limit', hang, { limits: { headersMs: 50 } }, 'unreachable', /within the time limit/],
    ['the submit’s own limit passes', hang, { submitTimeoutMs: 50 }, 'unreachable', /within the time limit/],
    [
      'the body breaks off',
      {
        byHand: (_request, response) => {
          response.writeHead(200, { 'content-length': '100' }).write('{"job_id":');
          setImmediate(() => response.destroy());
        },
      },
      {},
      'unreachable',
      /closed|reset|aborted/i,
    ],
    [
      'the body stops half way',
      { byHand: (_request, response) => void response.writeHead(200, { 'content-length': '100' }).write('{"job_id":') },
      { limits: { bodyMs: 50 } },
      'unreachable',
      /half way/,
    ],
    [
      'the body is too large',
      { status: 200, body: { job_id: 'x'.repeat(2_000) } },
      { limits: { maxBodyBytes: 1_000 } },
      'invalid_reply',
      /limit of 1000 bytes/,
    ],
    ['a gateway answers in HTML', html, {}, 'server', /502 an HTML page: 502 Bad Gateway/],
    ['a success is HTML', { status: 200, body: '<html></html>' }, {}, 'invalid_reply', /got HTML/],
    ['a success has no job id', { status: 200, body: {} }, {}, 'invalid_reply', /job_id/],
    ['it is redirected', { status: 307, headers: { location: '/elsewhere' } }, {}, 'server', /307/],
    [
      'it is overloaded',
      { status: 503, body: { error: { name: 'SERVICE_UNAVAILABLE', message: `no ${KEY}` } } },
      {},
      'server',
      /no …/,
    ],
  ] as [string, Answer, Partial<ReductoOptions>, string, RegExp][])(
    'when %s',
    async (_what, answer, options, kind, reason) => {
      await withVendor(answer, options, async (provider, server) => {
        const { facts } = await errorOf(submit(provider));
        expect(facts).toMatchObject({
          kind,
          endpoint: 'POST /parse_async',
          sent: true,
          reason: expect.stringMatching(reason) as string,
        });
        expect(server.seen, 'one POST, and no redirect followed').toHaveLength(1);
      });
    },
  );
});

describe('the key', () => {
  it.each([
    ['empty', () => ''],
    ['blank', async () => ' \n'],
    ['missing', () => undefined as unknown as string],
    ['two lines', () => `${KEY}\nx`],
    ['no ASCII', () => `${KEY}ü`],
  ])('%s: an auth error, and nothing is sent', async (_what, apiKey) => {
    await withVendor({ status: 200 }, { apiKey }, async (provider, server) => {
      const { facts } = await errorOf(submit(provider));
      expect(facts).toMatchObject({ kind: 'auth', httpStatus: 401, sent: false });
      expect(server.seen).toHaveLength(0);
    });
  });

  it('is sent without the line break that files have at their end', async () => {
    await withVendor({ status: 200, body: { job_id: 'j' } }, { apiKey: `${KEY}\n` }, async (provider, server) => {
      await submit(provider);
      expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    });
  });

  it.each([
    [401, { error: { name: 'AUTH_ERROR', message: `Invalid access token ${KEY}` } }],
    [403, '<html><title>403 Forbidden</title></html>'],
    [403, { detail: `Bearer ${KEY} not known` }],
  ])('refused with %i', async (status, body) => {
    await withVendor({ status, body }, {}, async (provider) => {
      expect((await errorOf(submit(provider))).kind).toBe('auth');
      expect((await errorOf(provider.probe({}))).kind).toBe('auth');
    });
  });
});

describe('the caller’s signal', () => {
  it('rethrows its reason unchanged, before and while the call runs', async () => {
    const reason = { why: 'the caller' };
    const aborted = AbortSignal.abort(reason);
    const controller = new AbortController();
    const answer = (_seen: Seen): Answer => {
      controller.abort(reason);
      return hang;
    };
    await withVendor(answer, {}, async (provider, server) => {
      await expect(submit(provider, { signal: aborted })).rejects.toBe(reason);
      expect(server.seen).toHaveLength(0);
      await expect(submit(provider, { signal: controller.signal })).rejects.toBe(reason);
      expect(server.seen).toHaveLength(1);
    });
  });

  it('is let go of when the call has ended', async () => {
    const { signal } = new AbortController();
    await withVendor({ status: 200, body: { job_id: 'j' } }, {}, async (provider) => {
      await submit(provider, { signal });
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    });
  });
});

it.each([
  [200, { status: 'Cancelled' }, true],
  [200, '', true],
  [400, { error: { name: 'JOB_STATE_ERROR', message: 'finished' } }, true],
  [409, {}, true],
  [404, { error: { name: 'NOT_FOUND' } }, false],
  [410, '', false],
])('a cancel answered %i %j gives %s', async (status, body, known) => {
  await withVendor({ status, body }, {}, async (provider, server) => {
    expect(await provider.cancel('a/b', {})).toBe(known);
    expect(server.seen).toMatchObject([{ method: 'POST', url: '/cancel/a%2Fb', body: '' }]);
  });
});

it.each([
  [503, {}, 'server'],
  [404, '<html>no such route</html>', 'server'],
  [429, {}, 'rate_limited'],
  [401, {}, 'auth'],
])('a cancel answered %i throws', async (status, body, kind) => {
  await withVendor({ status, body }, {}, async (provider) => {
    expect((await errorOf(provider.cancel('j', {}))).facts).toMatchObject({ kind, endpoint: 'POST /cancel/{id}' });
  });
});

it('pages the job list with the vendor’s cursor', async () => {
  const answer = ({ url }: Seen): Answer => ({
    status: 200,
    body: url.includes('cursor')
      ? { jobs: [{ job_id: 'x', raw_config: 'with m1' }] }
      : { jobs: [], next_cursor: 'a b&c' },
  });
  await withVendor(answer, {}, async (provider, server) => {
    expect(await provider.findJob?.(wanted('parse', '2026-11-24T10:00:00Z'), {})).toEqual({ jobId: 'x', marker: 'm1' });
    expect(server.seen.map(({ url }) => url)).toEqual(['/jobs?limit=500', '/jobs?limit=500&cursor=a+b%26c']);
  });
});

it('is not content with a login page as a sign of life', async () => {
  await withVendor({ status: 200, body: '<html>Log in</html>' }, {}, async (provider) => {
    expect((await errorOf(provider.probe({}))).kind).toBe('invalid_reply');
  });
});
