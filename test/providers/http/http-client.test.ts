import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createHttpClient,
  DEFAULT_LIMITS,
  type HttpCall,
  type HttpClient,
  type HttpLimits,
} from '../../../src/providers/http/http-client.js';
import { VendorError, type VendorErrorFacts } from '../../../src/providers/vendor-error.js';
import { type Answer, serveVendor } from '../vendor-server.js';

function client(limits: Partial<HttpLimits> = {}): HttpClient {
  const http = createHttpClient({ ...DEFAULT_LIMITS, ...limits });
  onTestFinished(() => http.close());
  return http;
}

const post = (url: string): HttpCall => ({ method: 'POST', url, endpoint: 'POST /x', body: '{}' });

async function factsOf(call: Promise<unknown>): Promise<VendorErrorFacts> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(VendorError);
  return (error as VendorError).facts;
}

/** A server below HTTP; its sockets end with the test. */
async function serveSockets(onSocket: (socket: Socket) => void): Promise<{ port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

const hang: Answer = { byHand: () => undefined };

describe('a request certainly did not arrive', () => {
  it('when the host is not known', async () => {
    const facts = await factsOf(client().send(post('http://no-such-host.invalid/'), {}));
    expect(facts).toMatchObject({ kind: 'unreachable', sent: false });
  });

  it('when the connection drops before TLS stands', async () => {
    const { port, sockets } = await serveSockets((socket) => socket.destroy());
    const facts = await factsOf(client().send(post(`https://127.0.0.1:${port}/`), {}));
    expect(facts).toMatchObject({ kind: 'unreachable', sent: false });
    expect(sockets.size).toBeGreaterThan(0);
  });

  it('when TLS never stands', async () => {
    const { port } = await serveSockets(() => undefined);
    const facts = await factsOf(client({ connectMs: 100 }).send(post(`https://127.0.0.1:${port}/`), {}));
    expect(facts).toEqual({
      kind: 'unreachable',
      endpoint: 'POST /x',
      reason: 'no connection within the time limit',
      sent: false,
    });
  });

  it('when its time ended in the queue for a connection', async () => {
    await using vendor = await serveVendor(() => hang);
    const http = client({ connections: 1 });
    const [first, second] = await Promise.all([
      factsOf(http.send({ ...post(vendor.url), totalMs: 600 }, {})),
      factsOf(http.send({ ...post(vendor.url), totalMs: 300 }, {})),
    ]);
    expect([first.sent, second.sent]).toEqual([true, false]);
    expect(vendor.seen).toHaveLength(1);
  });
});

it.each([
  ['says its length', { 'content-length': '1000' }],
  ['does not say its length', { 'transfer-encoding': 'chunked' }],
])('a reply over the cap that %s is refused, one at the cap is taken', async (_what, headers) => {
  await using vendor = await serveVendor(() => ({ status: 200, body: 'x'.repeat(1_000), headers }));
  const facts = await factsOf(client({ maxBodyBytes: 999 }).send(post(vendor.url), {}));
  expect(facts).toMatchObject({ kind: 'invalid_reply', sent: true });
  expect((await client({ maxBodyBytes: 1_000 }).send(post(vendor.url), {})).text).toHaveLength(1_000);
});

describe('an upload', () => {
  const SIZE = 20_000_000;
  const document = () => Readable.from(Array.from({ length: 200 }, () => Buffer.alloc(SIZE / 200)));

  /** Reads nothing for a while, so that the sender's buffers fill up; answers when all is there. */
  async function slowReader(ms: number): Promise<HttpCall> {
    const { port } = await serveSockets((socket) => {
      let size = 0;
      socket.pause();
      const timer = setTimeout(() => socket.resume(), ms);
      socket.on('close', () => clearTimeout(timer));
      socket.on('data', (chunk) => {
        size += chunk.length;
        if (size > SIZE) socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}');
      });
    });
    const headers = { 'content-length': String(SIZE) };
    const url = `http://127.0.0.1:${port}/`;
    return { method: 'PUT', url, endpoint: 'PUT /x', headers, body: document(), isUpload: true };
  }

  it('may be on its way for longer than a reply may take', async () => {
    expect(await client({ headersMs: 500 }).send(await slowReader(2_500), {})).toMatchObject({ status: 200 });
  });

  it('has a limit of its own, also while its reply trickles in', async () => {
    await using vendor = await serveVendor(() => ({
      byHand: (_request, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    }));
    const facts = await factsOf(client({ uploadMs: 300 }).send({ ...post(vendor.url), isUpload: true }, {}));
    expect(facts).toMatchObject({ kind: 'unreachable', sent: true });
  });

  it('ends with that limit when nobody reads it', async () => {
    const facts = await factsOf(client({ uploadMs: 300 }).send(await slowReader(60_000), {}));
    expect(facts).toMatchObject({ kind: 'unreachable', sent: true });
  });
});
