import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpClient, DEFAULT_LIMITS, type HttpClient } from '../../../src/providers/http/http-client.js';
import { createUrlGuard, type UrlGuardOptions } from '../../../src/providers/http/url-guard.js';
import { VendorError, type VendorErrorFacts } from '../../../src/providers/vendor-error.js';
import { NO_URLS, NOT_PUBLIC, OTHER_SCHEMES, SIGNATURE, WITH_LOGIN } from '../hostile-urls.js';
import { nameServer } from '../name-server.js';
import { serveVendor } from '../vendor-server.js';

const VENDOR = 'https://platform.reducto.ai';

function client(guard: UrlGuardOptions): HttpClient {
  const limits = { ...DEFAULT_LIMITS, connectMs: 1_000 };
  const http = createHttpClient(limits, createUrlGuard(guard));
  onTestFinished(() => http.close());
  return http;
}

const result = (url: string) => ({ method: 'GET', url, endpoint: 'GET result', namedBy: 'result.url' }) as const;

async function factsOf(call: Promise<unknown>): Promise<VendorErrorFacts> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(VendorError);
  expect(String((error as Error).stack) + JSON.stringify((error as VendorError).facts)).not.toContain(SIGNATURE);
  return (error as VendorError).facts;
}

/** Both ways to ask refuse the URL in the same words, without a look-up. */
async function refusalOf(url: string, baseUrl = VENDOR): Promise<string> {
  const { resolve, asked } = nameServer({});
  const http = client({ baseUrl, resolve });
  const [sent, streamed] = [await factsOf(http.send(result(url), {})), await factsOf(http.stream(result(url), {}))];
  expect(streamed).toEqual(sent);
  expect(sent).toMatchObject({ kind: 'invalid_reply', endpoint: 'GET result', field: 'result.url' });
  expect(asked).toEqual([]);
  return sent.reason;
}

describe('a URL of a vendor is refused', () => {
  it.each(NOT_PUBLIC)('%s: %s', async (url, range) => {
    expect(await refusalOf(url)).toContain(` is not public: ${range}`);
  });

  it.each(WITH_LOGIN)('%s', async (url) => {
    expect(await refusalOf(url)).toContain('a user name or password stands before');
  });

  it.each(OTHER_SCHEMES)('%s', async (url) => {
    expect(await refusalOf(url)).toContain(`${new URL(url).protocol} is not fetched`);
  });

  it.each(NO_URLS)('%j', async (url) => {
    expect(await refusalOf(url)).toContain('it is no URL');
  });

  it.each([
    ['http://bucket.example/r', VENDOR],
    ['http://platform.reducto.ai/r', VENDOR],
    ['http://bucket.example/r', 'http://127.0.0.1:8080/reducto'],
    ['http://127.evil.example/r', 'http://127.0.0.1:8080/reducto'],
    ['http://gateway.internal:6379/', 'http://gateway.internal:8080'],
  ])('%s of %s', async (url, baseUrl) => {
    expect(await refusalOf(url, baseUrl)).toContain('is not asked by https');
  });

  it.each([
    ['https://gateway.internal:6379/', 'https://gateway.internal'],
    ['https://10.0.0.5:9200/', 'https://10.0.0.5'],
    ['https://10.0.0.6/', 'http://127.0.0.1:8080'],
  ])('%s of %s, for all that that is private too', async (url, baseUrl) => {
    expect(await refusalOf(url, baseUrl)).toContain('is not public: private');
  });
});

it('a host of any length makes a short message', async () => {
  expect((await refusalOf(`https://${'long.'.repeat(10_000)}internal/`)).length).toBeLessThan(400);
});

describe('a URL of a vendor gets past the names', () => {
  it.each([
    ['https://bucket.s3.amazonaws.com/r?X-Amz-Signature=1', VENDOR, []],
    ['https://8.8.8.8/r', VENDOR, []],
    ['https://[2606:4700::1111]:8443/r', VENDOR, []],
    ['https://localhost.example/r', VENDOR, []],
    ['http://gateway.internal:8080/r', 'http://gateway.internal:8080/reducto', []],
    ['https://10.0.0.5/r', 'https://10.0.0.5/reducto', []],
    ['http://127.0.0.1:9000/r', 'http://127.0.0.1:8080/reducto', []],
    ['http://localhost:9000/r', 'http://[::1]:1', []],
    ['https://a.storage.internal/r', VENDOR, ['*.storage.internal']],
    ['https://10.0.0.7/r', VENDOR, ['10.0.0.7']],
    ['https://[fd12::7]/r', VENDOR, ['[fd12::7]']],
    ['http://minio:9000/r', 'http://gateway:8080', ['minio']],
  ])('%s of %s with %j', (url, baseUrl, resultHosts) => {
    expect(createUrlGuard({ baseUrl, resultHosts }).refusal(url)).toBeNull();
  });

  it.each([
    ['https://storage.internal/r', ['*.storage.internal'], 'is none of resultHosts'],
    ['https://evilstorage.example/r', ['*.storage.example', 'storage.example'], 'is none of resultHosts'],
    ['https://bucket.example/r', ['storage.example'], 'is none of resultHosts'],
    ['https://169.254.169.254/r', ['169.254.169.254'], 'is not public: cloud metadata'],
    ['https://metadata.google.internal/r', ['*.internal'], 'is not public: cloud metadata'],
    ['http://storage.example/r', ['storage.example'], 'is not asked by https'],
  ])('but %s not with %j', (url, resultHosts, reason) => {
    expect(createUrlGuard({ baseUrl: VENDOR, resultHosts }).refusal(url)).toContain(reason);
  });
});

describe('a public name', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['169.254.169.254', 'cloud metadata'],
    ['10.1.2.3', 'private'],
    ['100.64.0.1', 'shared (carrier-grade NAT)'],
    ['0.0.0.0', 'unspecified'],
    ['::1', 'loopback'],
    ['fe80::1%lo', 'link-local'],
    ['::ffff:169.254.169.254', 'cloud metadata'],
    ['fd00:ec2::254', 'cloud metadata'],
    ['2002:7f00:1::', 'IPv4 in IPv6'],
  ])('that has the address %s is refused: %s', async (address, range) => {
    const { resolve, asked } = nameServer({ 'bucket.example': [['8.8.8.8', address]] });
    const { kind, reason, field } = await factsOf(
      client({ baseUrl: VENDOR, resolve }).send(result(`https://bucket.example/r?${SIGNATURE}`), {}),
    );
    expect({ kind, field }).toEqual({ kind: 'invalid_reply', field: 'result.url' });
    expect(reason).toContain(`bucket.example (${address}) is not public: ${range}`);
    expect(asked).toEqual(['bucket.example']);
  });

  it('without an address is not found', async () => {
    const { resolve } = nameServer({});
    const facts = await factsOf(client({ baseUrl: VENDOR, resolve }).send(result('https://bucket.example/r'), {}));
    expect(facts).toMatchObject({ kind: 'unreachable', sent: false, reason: 'host not found' });
  });
});

it('connects to the address that it has looked at, and looks again for each connection: a name that rebinds gains nothing', async () => {
  await using vendor = await serveVendor({ status: 200, body: { n: 1 }, headers: { connection: 'close' } });
  const { port } = new URL(vendor.url);
  const { resolve, asked } = nameServer({ 'files.example': [['127.0.0.1'], ['169.254.169.254']] });
  const http = client({ baseUrl: 'http://gateway.internal', resultHosts: ['files.example'], resolve });
  const url = `http://files.example:${port}/r`;
  expect(await http.send(result(url), {})).toMatchObject({ status: 200 });
  expect(vendor.seen.map(({ headers }) => headers.host)).toEqual([`files.example:${port}`]);
  expect(asked).toEqual(['files.example']);
  const { reason } = await factsOf(http.send(result(url), {}));
  expect(reason).toContain('files.example (169.254.169.254) is not public: cloud metadata');
  expect(asked).toHaveLength(2);
  expect(vendor.seen).toHaveLength(1);
});

it('guards connections that nobody has asked it about', async () => {
  const http = client({ baseUrl: VENDOR });
  const facts = await factsOf(http.send({ method: 'GET', url: 'http://127.0.0.1:1/', endpoint: 'GET /x' }, {}));
  expect(facts).toMatchObject({ kind: 'invalid_reply', reason: expect.stringContaining('loopback') as string });
});

it('is not left out: a client without one goes to no URL of a vendor', async () => {
  const http = createHttpClient(DEFAULT_LIMITS);
  const { reason } = await factsOf(http.send(result('https://bucket.example/r'), {}));
  expect(reason).toBe('the URL is refused: this client has no guard');
  await http.close();
});

it('asks no question about the base URL’s own origin', async () => {
  await using vendor = await serveVendor({ status: 200, body: {} });
  const { resolve, asked } = nameServer({});
  expect(await client({ baseUrl: vendor.url, resolve }).send(result(`${vendor.url}/r`), {})).toMatchObject({
    status: 200,
  });
  expect(asked).toEqual([]);
});
