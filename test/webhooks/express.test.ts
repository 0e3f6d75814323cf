import { once } from 'node:events';
import { connect } from 'node:net';
import express, { type Express, Router } from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toNodeHandler } from '../../src/webhooks/index.js';
import { deferred } from '../support/deferred.js';
import { listen, sendTo } from './listen.js';
import { COMPLETED, receiver, signedHeaders, TOKEN } from './sender.js';

afterEach(() => void vi.restoreAllMocks());

/** An app with a route of its own that takes JSON, before or after the receiver. */
const withJson = (app: Express): Express =>
  app.post('/api/orders', express.json(), (request, response) => void response.json(request.body));

async function orderAt(url: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/orders`, { method: 'POST', headers, body: '{"total":7}' });
  return answer.json();
}

/** Another text than what was signed, with the same meaning: a body that had been parsed and written again would fit neither. */
const SPACED = `${COMPLETED.replaceAll(':', ' :  ')}\n`;

describe('mounted in express', () => {
  it('takes the bytes as they came, and leaves parsers of other routes alone', async () => {
    const { handle, events } = receiver();
    const app = withJson(express()).use('/webhooks', toNodeHandler(handle)).use(express.json());
    app.post('/late', (request, response) => void response.json(request.body));
    const url = await listen(app);
    expect(await sendTo(url, '/webhooks/reducto', SPACED, signedHeaders(SPACED))).toBe(204);
    expect(await sendTo(url, '/webhooks/reducto', SPACED, signedHeaders(COMPLETED))).toBe(401);
    expect(await sendTo(url, `/webhooks/reducto/${TOKEN}?from=vendor`, COMPLETED, {})).toBe(204);
    expect(await sendTo(url, '/webhooks/reducto', '', {})).toBe(401);
    expect(await sendTo(url, '/webhooks/nobody')).toBe(404);
    expect(await orderAt(url)).toEqual({ total: 7 });
    expect(await sendTo(url, '/late')).toBe(200);
    expect(events).toHaveLength(2);
  });

  it.each<[string, string, (app: Express, path: string, handle: ReturnType<typeof toNodeHandler>) => unknown]>([
    ['below another path', '/hooks', (app, path, handle) => app.use(path, handle)],
    [
      'in routers within one another',
      '/a/b/hooks',
      (app, _path, handle) => app.use('/a', nested('/b', '/hooks', handle)),
    ],
    ['in an app within an app', '/api/hooks', (app, _path, handle) => app.use('/api', express().use('/hooks', handle))],
    ['as a route', '/hooks', (app, path, handle) => app.post(`${path}/*rest`, handle)],
    ['where no path is named', '/hooks', (app, _path, handle) => app.use(handle)],
  ])('%s: `path` is the whole of it', async (_what, path, mount) => {
    const { handle, events } = receiver({ path });
    const app = withJson(express());
    mount(app, path, toNodeHandler(handle));
    const url = await listen(app);
    expect(await sendTo(url, `${path}/reducto`)).toBe(204);
    expect(await sendTo(url, '/webhooks/reducto')).toBe(404);
    expect(await orderAt(url)).toEqual({ total: 7 });
    expect(events).toHaveLength(1);
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('%s: 405, and what is allowed', async (method) => {
    const { handle } = receiver();
    const url = await listen(express().use('/webhooks', toNodeHandler(handle)));
    const answer = await fetch(`${url}/webhooks/reducto`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('a body over the cap: 413, whether its length was told or not, and the next one is taken', async () => {
    const { handle } = receiver();
    const url = await listen(express().use('/webhooks', toNodeHandler(handle)));
    const big = Buffer.alloc(70_000, 'x');
    expect(await sendTo(url, '/webhooks/reducto', big)).toBe(413);
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(big);
        controller.close();
      },
    });
    const answer = await fetch(`${url}/webhooks/reducto`, { method: 'POST', body, duplex: 'half' });
    expect(answer.status).toBe(413);
    expect(await sendTo(url)).toBe(204);
  });

  it('a sender that goes away in the middle is logged, and reaches no error handler', async () => {
    const { handle, log } = receiver();
    const arrived = deferred<void>();
    const troubled = vi.fn();
    const app = express()
      .use((_request, _response, next) => (arrived.resolve(), next()))
      .use('/webhooks', toNodeHandler(handle))
      .use(((error, _request, _response, next) => (troubled(error), next(error))) as express.ErrorRequestHandler);
    const url = new URL(await listen(app));
    const socket = connect(Number(url.port), url.hostname);
    socket.write('POST /webhooks/reducto HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"a"');
    await arrived.promise;
    socket.destroy();
    await once(socket, 'close');
    await vi.waitFor(() => expect(log).toMatchObject([{ reason: 'body-broken', status: 400 }]));
    expect(await sendTo(url.origin)).toBe(204);
    expect(troubled).not.toHaveBeenCalled();
  });
});

describe('behind a body parser of express', () => {
  it('that keeps the bytes: taken, up to the receiver’s own cap', async () => {
    const { handle, events } = receiver();
    const raw = express.raw({ type: '*/*' });
    const url = await listen(express().use('/webhooks', raw, toNodeHandler(handle)));
    expect(await sendTo(url, '/webhooks/reducto', SPACED, signedHeaders(SPACED))).toBe(204);
    expect(await sendTo(url, '/webhooks/reducto', `${SPACED} `, signedHeaders(SPACED))).toBe(401);
    expect(await sendTo(url, '/webhooks/reducto', Buffer.alloc(70_000))).toBe(413);
    expect(events).toHaveLength(1);
  });

  it.each([
    ['json', express.json()],
    ['text', express.text({ type: '*/*' })],
    ['urlencoded', express.urlencoded({ type: '*/*' })],
  ])('%s: 500 so that the sender comes again, and a line that says what to do', async (_what, parser) => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { handle, events } = receiver();
    const url = await listen(express().use(parser).use('/webhooks', toNodeHandler(handle)));
    expect(await sendTo(url)).toBe(500);
    expect(events).toEqual([]);
    expect(said.mock.calls).toEqual([[expect.stringMatching(/before express\.json\(\).*express\.raw/)]]);
    expect(JSON.stringify(said.mock.calls)).not.toContain('204a39e4');
  });

  it('that was not for this content: taken', async () => {
    const { handle } = receiver();
    const url = await listen(express().use(express.urlencoded()).use('/webhooks', toNodeHandler(handle)));
    expect(await sendTo(url)).toBe(204);
  });
});

function nested(path: string, inner: string, handle: ReturnType<typeof toNodeHandler>): Router {
  return Router().use(path, Router().use(inner, handle));
}
