import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, it, vi } from 'vitest';
import { toNodeHandler } from '../../src/webhooks/index.js';
import { serveWebhooks } from '../../src/webhooks/serve-webhooks.js';
import { listen, sendTo as send } from './listen.js';
import { COMPLETED, receiver, signedHeaders, TOKEN } from './sender.js';

describe('in node:http', () => {
  it('takes signed and direct events, and answers the others as it should', async () => {
    const { handle, events } = receiver();
    const url = await listen((request, response) => void toNodeHandler(handle)(request, response));
    expect(await send(url)).toBe(204);
    expect(await send(url, `/webhooks/reducto/${TOKEN}`, COMPLETED, {})).toBe(204);
    expect(await send(url, '/webhooks/reducto', COMPLETED, {})).toBe(401);
    expect(await send(url, '/webhooks/nobody')).toBe(404);
    expect(await send(url, '/webhooks/reducto', Buffer.alloc(70_000))).toBe(413);
    const get = await fetch(`${url}/webhooks/reducto`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect(events).toHaveLength(2);
  });

  it.each(['TRACE', 'PROPFIND', 'HEAD', 'DELETE'])('survives %s', async (method) => {
    const { handle, events } = receiver();
    const url = await listen((request, response) => void toNodeHandler(handle)(request, response));
    const status = await new Promise<number>((resolve, reject) => {
      const sent = httpRequest(`${url}/webhooks/reducto`, { method }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on('error', reject).end();
    });
    expect(status).toBe(method === 'TRACE' ? 400 : 405);
    expect(await send(url)).toBe(204);
    expect(events).toHaveLength(1);
  });

  it('answers a body over the cap that is still on its way, and lets the sender go', async () => {
    const { handle } = receiver();
    const url = new URL(await listen((request, response) => void toNodeHandler(handle)(request, response)));
    const socket = connect(Number(url.port), url.hostname);
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString())).on('error', () => undefined);
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write('POST /webhooks/reducto HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    const timer = setInterval(() => socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`), 1);
    await ended;
    clearInterval(timer);
    expect(said).toMatch(/^HTTP\/1\.1 413 /);
    expect(said).toContain('connection: close');
  });

  it('survives a sender that goes away in the middle', async () => {
    const { handle, log } = receiver();
    const url = new URL(await listen((request, response) => void toNodeHandler(handle)(request, response)));
    const socket = connect(Number(url.port), url.hostname);
    socket.write('POST /webhooks/reducto HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"a"');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await vi.waitFor(() => expect(log).toMatchObject([{ reason: 'body-broken', status: 400 }]));
    expect(await send(url.origin)).toBe(204);
  });
});

it('a parser that left `{}` and did not read is no matter', async () => {
  const { handle } = receiver();
  const url = await listen(async (request, response) => {
    // What express 4 does for content that its parser does not know; express 5 leaves nothing.
    Object.assign(request, { body: {} });
    await toNodeHandler(handle)(request, response);
  });
  expect(await send(url)).toBe(204);
});

it('in hono', async () => {
  const { handle, events } = receiver();
  const app = new Hono().post('/webhooks/*', (c) => handle(c.req.raw));
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const url = await listen((request, response) => void listener(request, response));
  expect([await send(url), await send(url, '/webhooks/reducto', `${COMPLETED} `)]).toEqual([204, 401]);
  expect(events).toHaveLength(1);
});

it('in Next.js and other places where a route exports a function of a Request', async () => {
  const { handle: POST } = receiver({ path: '/api/webhooks' });
  const request = new Request('https://app.example/api/webhooks/reducto?x=1', {
    method: 'POST',
    body: COMPLETED,
    headers: signedHeaders(COMPLETED),
  });
  expect((await POST(request)).status).toBe(204);
});

describe('on a port of its own', () => {
  it('lets what is under way be answered before it ends', async () => {
    let arrived = (): void => undefined;
    const reached = new Promise<void>((resolve) => (arrived = resolve));
    const { handle } = receiver({
      async deliver() {
        arrived();
        await new Promise((resolve) => setTimeout(resolve, 200));
      },
    });
    const server = await serveWebhooks(handle, { port: 0 });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const answer = send(server.url);
    await reached;
    await server.close();
    expect(await answer).toBe(204);
    await expect(send(server.url)).rejects.toThrow();
  });

  it('says when the port is taken', async () => {
    const { handle } = receiver();
    const server = await serveWebhooks(handle, { port: 0 });
    await expect(serveWebhooks(handle, { port: Number(new URL(server.url).port) })).rejects.toThrow('EADDRINUSE');
    await server.close();
  });
});
