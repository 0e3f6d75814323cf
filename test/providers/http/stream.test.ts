import { getEventListeners, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { createHttpClient, DEFAULT_LIMITS, type HttpLimits } from '../../../src/providers/http/http-client.js';
import { VendorError, type VendorErrorFacts } from '../../../src/providers/vendor-error.js';
import { type Answer, serveVendor } from '../vendor-server.js';

const MB = 1024 * 1024;

async function open(
  answer: Answer,
  limits: Partial<HttpLimits> = {},
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const server = await serveVendor(answer);
  const http = createHttpClient({ ...DEFAULT_LIMITS, ...limits });
  onTestFinished(async () => {
    await http.close();
    await server[Symbol.asyncDispose]();
  });
  const call = { method: 'GET', url: server.url, endpoint: 'GET /x' } as const;
  const reply = await http.stream(call, signal === undefined ? {} : { signal });
  if (!('bytes' in reply)) throw new Error(`expected bytes, got ${reply.status} ${reply.text}`);
  return reply.bytes;
}

async function sizeOf(bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const chunk of bytes) size += chunk.length;
  return size;
}

async function factsOf(call: Promise<unknown>): Promise<VendorErrorFacts> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(VendorError);
  return (error as VendorError).facts;
}

const sends = (size: number): Answer => ({
  byHand: (_request, response) => void response.end(Buffer.alloc(size, 'x')),
});
const says = (start: (response: ServerResponse) => void): Answer => ({
  byHand: (_request, response) => start(response),
});

it('hands on the body as it comes', async () => {
  const responses: ServerResponse[] = [];
  const bytes = await open(
    says((response) => {
      responses.push(response);
      response.write('a');
    }),
  );
  const reader = bytes[Symbol.asyncIterator]();
  expect(Buffer.from((await reader.next()).value as Uint8Array).toString(), 'before the end').toBe('a');
  responses[0]!.end('b');
  expect(Buffer.from((await reader.next()).value as Uint8Array).toString()).toBe('b');
  expect((await reader.next()).done).toBe(true);
});

it('reads a large body whole', async () => {
  expect(await sizeOf(await open(sends(5 * MB)))).toBe(5 * MB);
});

it.each([
  ['one that says so', sends(2_000)],
  [
    'one that does not',
    says((response) => {
      response.write('x'.repeat(900));
      response.end('x'.repeat(1_100));
    }),
  ],
])('refuses more than the limit: %s', async (_what, answer) => {
  const facts = await factsOf(open(answer, { maxBodyBytes: 1_000 }).then(sizeOf));
  expect(facts).toMatchObject({
    kind: 'invalid_reply',
    endpoint: 'GET /x',
    reason: expect.stringMatching(/1000 bytes/) as string,
  });
});

it('says when the body stops half way', async () => {
  const bytes = open(
    says((response) => response.write('a')),
    { bodyMs: 50 },
  );
  expect(await factsOf(bytes.then(sizeOf))).toMatchObject({
    kind: 'unreachable',
    sent: true,
    reason: 'the reply stopped half way',
  });
});

it('rethrows the caller’s reason in the middle of the body', async () => {
  const reason = { why: 'the caller' };
  const controller = new AbortController();
  const bytes = await open(
    says((response) => response.write('a')),
    {},
    controller.signal,
  );
  const reading = sizeOf(bytes);
  controller.abort(reason);
  await expect(reading).rejects.toBe(reason);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});

it.each([0, 1])('frees the connection of a reader that gives up after %i chunks', async (chunks) => {
  const responses: ServerResponse[] = [];
  const bytes = await open(
    says((response) => {
      responses.push(response);
      response.write('a');
    }),
  );
  const closed = once(responses[0]!, 'close');
  const reader = bytes[Symbol.asyncIterator]();
  for (let read = 0; read < chunks; read++) await reader.next();
  await reader.return?.();
  await closed;
  expect((await reader.next()).done).toBe(true);
});

it('gives the words of a reply that is no 200', async () => {
  await using server = await serveVendor({ status: 410, body: { error: 'gone' } });
  const http = createHttpClient(DEFAULT_LIMITS);
  const reply = await http.stream({ method: 'GET', url: server.url, endpoint: 'GET /x' }, {});
  expect(reply).toMatchObject({ status: 410, text: '{"error":"gone"}' });
  await http.close();
});
