import { readWhole } from '../../../src/json-stream/index.js';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createHttpClient,
  DEFAULT_LIMITS,
  type HttpClient,
  type HttpLimits,
} from '../../../src/providers/http/http-client.js';
import { createUrlGuard } from '../../../src/providers/http/url-guard.js';
import { VendorError, type VendorErrorFacts } from '../../../src/providers/vendor-error.js';
import { pulse, reducto } from '../../../src/providers/registry.js';
import { gzipBomb } from '../gzip-bomb.js';
import { SIGNATURE } from '../hostile-urls.js';
import { type Answer, serveVendor, type VendorServer } from '../vendor-server.js';

const MB = 1024 * 1024;

async function serve(
  answer: Answer,
  limits: Partial<HttpLimits> = {},
): Promise<{ http: HttpClient; server: VendorServer }> {
  const server = await serveVendor(answer);
  const http = createHttpClient({ ...DEFAULT_LIMITS, ...limits }, createUrlGuard({ baseUrl: server.url }));
  onTestFinished(async () => {
    await http.close();
    await server[Symbol.asyncDispose]();
  });
  return { http, server };
}

const at = (url: string) => ({ method: 'GET', url, endpoint: 'GET result', namedBy: 'result.url' }) as const;

async function factsOf(call: Promise<unknown>): Promise<VendorErrorFacts> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(VendorError);
  expect(JSON.stringify((error as VendorError).facts)).not.toContain(SIGNATURE);
  return (error as VendorError).facts;
}

async function sizeOf(http: HttpClient, url: string): Promise<number> {
  const reply = await http.stream(at(url), {});
  if (!('bytes' in reply)) throw new Error(`expected bytes, got ${reply.status}`);
  let size = 0;
  for await (const chunk of reply.bytes) size += chunk.length;
  return size;
}

const compressed = (coding: string, body: Uint8Array): Answer => ({
  byHand: (_request, response) => void response.writeHead(200, { 'content-encoding': coding }).end(body),
});

describe('a body that swells to 10 GB', () => {
  it('is cut at the cap, at once and without being held', async () => {
    let blocks = 0;
    const { http, server } = await serve(gzipBomb((written) => (blocks = written)));
    const before = process.memoryUsage.rss();
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
    const startedAt = performance.now();
    const facts = await factsOf(sizeOf(http, server.url));
    const tookMs = performance.now() - startedAt;
    clearInterval(watch);
    expect(facts).toEqual({
      kind: 'invalid_reply',
      endpoint: 'GET result',
      reason: `the reply is larger than the limit of ${256 * MB} bytes (limits.maxBodyBytes)`,
      sent: true,
      field: '',
    });
    expect(tookMs).toBeLessThan(5_000);
    expect(peak - before, 'bytes of memory beyond').toBeLessThan(100 * MB);
    await expect.poll(() => blocks).toBeGreaterThan(0);
    expect(blocks, 'the sender is told to stop').toBeLessThan(10 * 1024);
  });

  it('is cut where it is a vendor’s result', async () => {
    const limits = { maxBodyBytes: 16 * MB };
    const storage = await serve(gzipBomb(() => undefined));
    const url = `${storage.server.url}/r?${SIGNATURE}`;
    await using reductoServer = await serveVendor({
      status: 200,
      body: { status: 'Completed', result: { result: { type: 'url', url, result_id: 'r' } } },
    });
    await using pulseServer = await serveVendor({
      status: 200,
      body: { status: 'completed', result: { is_url: true, url } },
    });
    const reason = expect.stringContaining('larger than the limit of 16777216 bytes') as string;
    const vendors = [
      reducto({ apiKey: 'k', baseUrl: reductoServer.url, limits }),
      pulse({ apiKey: 'k', baseUrl: pulseServer.url, limits }),
    ];
    for (const vendor of vendors) {
      const { body } = (await vendor.get('j', 'parse', {})) ?? {};
      if (body === undefined || body.kind === 'json') throw new Error('expected a stream');
      const bytes = await body.open({});
      expect(await factsOf(readWhole(bytes))).toMatchObject({ kind: 'invalid_reply', reason });
      await vendor.close();
    }
  });
});

describe('a compressed body', () => {
  const text = JSON.stringify({ markdown: '# A'.repeat(1_000) });

  it.each([
    ['gzip', gzipSync(text)],
    ['GZip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
  ])('in %s is read', async (coding, body) => {
    const { http, server } = await serve(compressed(coding, body));
    expect(await http.send(at(server.url), {})).toMatchObject({ status: 200, text });
    expect(await sizeOf(http, server.url)).toBe(text.length);
  });

  it.each([
    ['gzip', Buffer.from(text), 'is not what its content-encoding says'],
    ['gzip', gzipSync(text).subarray(0, 40), 'is not what its content-encoding says'],
    ['br', brotliCompressSync(text).subarray(0, 10), 'is not what its content-encoding says'],
    ['br', Buffer.from(text), 'is not what its content-encoding says'],
    ['gzip, gzip', gzipSync(gzipSync(text)), 'has an unknown content-encoding'],
    ['constructor', Buffer.from(text), 'has an unknown content-encoding'],
    ['zstd', Buffer.from(text), 'has an unknown content-encoding'],
  ])('in %s that is not so is refused', async (coding, body, words) => {
    const { http, server } = await serve(compressed(coding, body));
    const expected = { kind: 'invalid_reply', reason: expect.stringContaining(words) as string };
    expect(await factsOf(http.send(at(server.url), {}))).toMatchObject(expected);
    expect(await factsOf(sizeOf(http, server.url))).toMatchObject(expected);
  });

  it('that breaks off is the connection’s fault', async () => {
    const { http, server } = await serve({
      byHand: (_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '1000' });
        response.write(gzipSync(text).subarray(0, 20));
        setImmediate(() => response.destroy());
      },
    });
    expect(await factsOf(sizeOf(http, server.url))).toMatchObject({ kind: 'unreachable', sent: true });
  });

  it.each(['', 'no gzip'])('of an error (%j) does not hide the error', async (body) => {
    const { http, server } = await serve({ status: 503, body, headers: { 'content-encoding': 'gzip' } });
    expect(await http.send(at(server.url), {})).toMatchObject({ status: 503, text: '' });
    expect(await http.stream(at(server.url), {})).toMatchObject({ status: 503, text: '' });
  });
});

it('a body that trickles in for ever is cut off', async () => {
  const trickle: Answer = {
    byHand: (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    },
  };
  const { http, server } = await serve(trickle, { fetchMs: 200 });
  const expected = { kind: 'unreachable', sent: true, reason: 'no complete reply within the time limit' };
  expect(await factsOf(http.send(at(server.url), {}))).toMatchObject(expected);
  expect(await factsOf(sizeOf(http, server.url))).toMatchObject(expected);
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i is not followed, wherever it leads', async (status) => {
    const { server: elsewhere } = await serve({ status: 200, body: {} });
    for (const location of [
      `http://169.254.169.254/latest?${SIGNATURE}`,
      `${elsewhere.url}/r?${SIGNATURE}`,
      '/r2',
      'file:///etc/passwd',
    ]) {
      const { http, server } = await serve({ status, body: 'moved', headers: { location } });
      const facts = { kind: 'server', httpStatus: status, reason: `${status} a redirect, which is not followed` };
      expect(await factsOf(http.send(at(server.url), {}))).toMatchObject(facts);
      expect(await factsOf(http.stream(at(server.url), {}))).toMatchObject(facts);
      expect(server.seen.map(({ url }) => url)).toEqual(['/', '/']);
    }
    expect(elsewhere.seen).toEqual([]);
  });
});
