import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSourceFetcher, type SourceFetcherOptions } from '../../src/sandbox/source-fetcher.js';
import { gzipBomb } from '../providers/gzip-bomb.js';
import { NO_URLS, NOT_PUBLIC, OTHER_SCHEMES, SIGNATURE, WITH_LOGIN } from '../providers/hostile-urls.js';
import { nameServer } from '../providers/name-server.js';
import { type Answer, type Seen, serveVendor, type VendorServer } from '../providers/vendor-server.js';

function fetcher(options: Partial<SourceFetcherOptions> = {}) {
  const { signal: closing } = new AbortController();
  const sources = createSourceFetcher({ host: '127.0.0.1', allowPrivateSources: false, closing, ...options });
  onTestFinished(() => sources.close());
  return sources;
}

async function serve(answer: Answer | ((seen: Seen, url: string) => Answer)): Promise<VendorServer> {
  const server = await serveVendor(answer);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

/** Nothing is looked up for it, and nothing of it but its host is told. */
async function refusalOf(url: string, options: Partial<SourceFetcherOptions> = {}): Promise<string> {
  const { resolve, asked } = nameServer({});
  const fetched = await fetcher({ resolve, ...options }).fetch(url);
  expect(fetched).toEqual({ refused: expect.any(String) as string });
  expect(asked).toEqual([]);
  const [refused] = Object.values(fetched) as [string];
  expect(refused).not.toContain(SIGNATURE);
  return refused;
}

const text = (fetched: object): string =>
  'bytes' in fetched ? Buffer.from(fetched.bytes as Uint8Array).toString() : JSON.stringify(fetched);

const public_ = '0.0.0.0';

describe('a sandbox that others reach does not fetch', () => {
  it.each(NOT_PUBLIC)('%s: %s', async (url, range) => {
    expect(await refusalOf(url, { host: public_ })).toContain(` is not public (${range})`);
    expect(await refusalOf(url.replace('https:', 'http:'), { host: public_ })).toContain(` is not public (${range})`);
  });

  it.each(WITH_LOGIN)('%s', async (url) => {
    expect(await refusalOf(url, { host: public_ })).toContain('has a user name or password');
  });

  it.each([...OTHER_SCHEMES, ...NO_URLS])('%j', async (url) => {
    expect(await refusalOf(url, { host: public_ })).toMatch(/expected https?/);
  });
});

describe('a sandbox on loopback', () => {
  it.each(NOT_PUBLIC.filter(([, range]) => range !== 'loopback'))('does not fetch %s: %s', async (url, range) => {
    expect(await refusalOf(url)).toContain(` is not public (${range})`);
  });

  it.each(['127.0.0.1', 'localhost', '::1'])('at %s fetches from its own machine', async (host) => {
    const { url } = await serve({ status: 200, body: 'here' });
    expect(text(await fetcher({ host }).fetch(url))).toBe('here');
    expect(text(await fetcher({ host }).fetch(url.replace('127.0.0.1', 'localhost')))).toBe('here');
  });
});

it('what opens private networks opens no metadata service', async () => {
  const { url } = await serve({ status: 200, body: 'inside' });
  const opened = { host: public_, allowPrivateSources: true };
  const { resolve } = nameServer({ minio: [['127.0.0.1']], 'evil.example': [['169.254.169.254']] });
  const sources = fetcher({ ...opened, resolve });
  expect(text(await sources.fetch(url))).toBe('inside');
  expect(text(await sources.fetch(url.replace('127.0.0.1', 'minio')))).toBe('inside');
  expect(text(await sources.fetch('http://evil.example/'))).toContain(
    '(169.254.169.254) is not public (cloud metadata)',
  );
  for (const [hostile, range] of NOT_PUBLIC) {
    if (range !== 'cloud metadata' && range !== 'link-local') continue;
    expect(await refusalOf(hostile, opened)).toContain('no document is fetched from there');
  }
});

it.each([
  ['127.0.0.1', 'loopback'],
  ['10.1.2.3', 'private'],
  ['::ffff:169.254.169.254', 'cloud metadata'],
  ['fd00::1', 'private'],
])('a public name that has the address %s too is refused, on loopback as well', async (address, range) => {
  for (const host of ['127.0.0.1', public_]) {
    const { resolve } = nameServer({ 'files.example': [['8.8.8.8', address]] });
    const { refused } = (await fetcher({ host, resolve }).fetch(`http://files.example/?${SIGNATURE}`)) as {
      refused: string;
    };
    expect(refused).toBe(`the URL is refused: files.example (${address}) is not public (${range})`);
  }
});

describe('a redirect', () => {
  const redirect = (location: string, status = 302): Answer => ({ status, headers: { location } });

  it.each([301, 302, 303, 307, 308])('%i is followed, as many as a vendor may', async (status) => {
    const { url, seen } = await serve(({ url: path }) =>
      path === '/5' ? { status: 200, body: 'found' } : redirect(`${Number(path.slice(1)) + 1}`, status),
    );
    expect(text(await fetcher().fetch(`${url}/0`))).toBe('found');
    expect(seen).toHaveLength(6);
  });

  it('is not for ever', async () => {
    const { url, seen } = await serve(redirect('/again'));
    expect(await fetcher().fetch(url)).toEqual({ status: 302 });
    expect(seen).toHaveLength(6);
  });

  it.each([
    ...NOT_PUBLIC.filter(([, range]) => range !== 'loopback').map(([url]) => url),
    ...WITH_LOGIN,
    ...OTHER_SCHEMES,
  ])('to %s is not', async (location) => {
    const { url } = await serve(redirect(location));
    const fetched = await fetcher().fetch(url);
    expect(fetched).toEqual({ refused: expect.stringContaining('the URL is refused') as string });
    expect(JSON.stringify(fetched)).not.toContain(SIGNATURE);
  });

  it('to a public name with a private address is not', async () => {
    const { url } = await serve(redirect('http://files.example/'));
    const { resolve } = nameServer({ 'files.example': [['10.0.0.1']] });
    expect(await fetcher({ resolve }).fetch(url)).toEqual({ refused: expect.stringContaining('private') as string });
  });

  it('to nowhere is an answer like others', async () => {
    const { url } = await serve({ status: 302 });
    expect(await fetcher().fetch(url)).toEqual({ status: 302 });
  });
});

describe('what comes is cut', () => {
  it('at its size, uncompressed', async () => {
    let blocks = 0;
    const { url } = await serve(gzipBomb((written) => (blocks = written)));
    expect(await fetcher().fetch(url)).toEqual({ tooLarge: true });
    await expect.poll(() => blocks).toBeGreaterThan(0);
    expect(blocks).toBeLessThan(10 * 1024);
  });

  it('before its size, where that is told', async () => {
    const { url } = await serve({ status: 200, headers: { 'content-length': '100000001' } });
    expect(await fetcher().fetch(url)).toEqual({ tooLarge: true });
  });

  it('after its time, redirects included', async () => {
    const slow = (status: number): Answer => ({
      byHand: (_request, response) => {
        setTimeout(() => response.writeHead(status, { location: '/next' }).flushHeaders(), 80);
      },
    });
    const { url } = await serve(({ url: path }) => slow(path === '/next' ? 200 : 302));
    const startedAt = performance.now();
    expect(await fetcher({ limits: { fetchMs: 300 } }).fetch(url)).toEqual({ status: null });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('when the sandbox closes', async () => {
    const closing = new AbortController();
    const { url, seen } = await serve({ byHand: () => undefined });
    const fetched = fetcher({ closing: closing.signal }).fetch(url);
    await expect.poll(() => seen).toHaveLength(1);
    closing.abort();
    expect(await fetched).toEqual({ status: null });
  });
});

it.each([
  ['that is compressed', { 'content-encoding': 'gzip' }, gzipSync('whole'), 'whole'],
  ['that is not what its coding says', { 'content-encoding': 'gzip' }, Buffer.from('plain'), '{"status":null}'],
])('a body %s', async (_what, headers, body, expected) => {
  const { url } = await serve({ byHand: (_request, response) => void response.writeHead(200, headers).end(body) });
  expect(text(await fetcher().fetch(url))).toBe(expected);
});

it('the other server learns nothing, and its refusal is told', async () => {
  const { url, seen } = await serve({ status: 403 });
  expect(await fetcher().fetch(url)).toEqual({ status: 403 });
  expect(Object.keys(seen[0]?.headers ?? {}).sort()).toEqual(['accept', 'connection', 'host', 'x-seen-bytes']);
});
