import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EdgeVM } from '@edge-runtime/vm';
import { build } from 'esbuild';
import { Webhook } from 'svix';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as webhooks from '../../src/webhooks/index.js';
import type { check } from './edge-worker.js';
import { COMPLETED, JOB, newSecret, now, SECRET, signedHeaders, TOKEN, VECTOR } from './sender.js';

/** A queue's HTTP side, which is down when it is told to be. */
let queue: Server;
let taken: unknown[];
let isDown: boolean;
let vm: EdgeVM;

beforeAll(async () => {
  queue = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (!isDown) taken.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(isDown ? 500 : 202).end();
    });
  });
  await new Promise<void>((resolve) => queue.listen(0, '127.0.0.1', resolve));
  vm = await start({ queueUrl: `http://127.0.0.1:${(queue.address() as AddressInfo).port}` });
});
afterAll(() => void (queue.closeAllConnections(), queue.close()));
beforeEach(() => {
  taken = [];
  isDown = false;
});

/** Bundles and starts the worker in Vercel's edge runtime, which has Web APIs alone and makes no code from text. */
async function start({ queueUrl }: { queueUrl: string }): Promise<EdgeVM> {
  const { outputFiles } = await build({
    entryPoints: ['test/webhooks/edge-worker.ts'],
    bundle: true,
    // Whatever is Node's alone ends the build here.
    platform: 'neutral',
    mainFields: ['module', 'main'],
    format: 'iife',
    globalName: 'worker',
    write: false,
  });
  const bindings = JSON.stringify({ secret: SECRET, token: TOKEN, queueUrl });
  // In place of the worker's console, so that what it refuses is not in the test's output.
  const quiet = 'console.warn = () => undefined;';
  return new EdgeVM({ initialCode: `const BINDINGS = ${bindings}; ${quiet} ${outputFiles[0]!.text}` });
}

async function send(
  path: string,
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer> = COMPLETED,
): Promise<number> {
  const answer = await vm.dispatchFetch(`https://hooks.example${path}`, { method: 'POST', headers, body });
  return answer.status;
}

describe('in an edge runtime', () => {
  it('there is nothing of Node', () => {
    expect(vm.evaluate<string>('[typeof process, typeof Buffer, typeof require, typeof global].join()')).toBe(
      'undefined,undefined,undefined,undefined',
    );
  });

  it('the whole entry loads, under the names that it has on Node', () => {
    expect(vm.evaluate<string>('worker.names.sort().join()')).toBe(Object.keys(webhooks).sort().join());
  });

  it('good events are forwarded, signed and direct', async () => {
    const headers = signedHeaders(COMPLETED, { id: 'msg_1' });
    expect(await send('/webhooks/reducto', headers)).toBe(204);
    expect(await send('/webhooks/reducto', headers)).toBe(204);
    expect(await send(`/webhooks/reducto/${TOKEN}`, {})).toBe(204);
    const event = { provider: 'reducto', account: 'reducto', jobId: JOB, status: 'completed' };
    expect(taken).toEqual([{ ...event, eventId: 'msg_1' }, event]);
  });

  it('others are refused, and not forwarded', async () => {
    const refused: [number, string, Record<string, string>, (string | Uint8Array<ArrayBuffer>)?][] = [
      [401, '/webhooks/reducto', {}],
      [401, '/webhooks/reducto', signedHeaders(COMPLETED, { secret: newSecret() })],
      [401, '/webhooks/reducto', signedHeaders(COMPLETED, { at: now() - 301 })],
      [401, '/webhooks/reducto', signedHeaders(COMPLETED), `${COMPLETED} `],
      [401, '/webhooks/reducto', signedHeaders(COMPLETED), new Uint8Array([0xff, 0xfe])],
      [404, '/webhooks/nobody', signedHeaders(COMPLETED)],
      [404, `/webhooks/reducto/${'x'.repeat(43)}`, {}],
      [413, '/webhooks/reducto', signedHeaders(COMPLETED), 'x'.repeat(70_000)],
    ];
    for (const [status, ...request] of refused)
      expect([await send(...request), request[0]]).toEqual([status, request[0]]);
    expect((await vm.dispatchFetch('https://hooks.example/webhooks/reducto')).status).toBe(405);
    expect(taken).toEqual([]);
  });

  it('503 while the queue is down, and taken when the sender comes again', async () => {
    const headers = signedHeaders(COMPLETED);
    isDown = true;
    expect(await send('/webhooks/reducto', headers)).toBe(503);
    isDown = false;
    expect(await send('/webhooks/reducto', headers)).toBe(204);
    expect(taken).toHaveLength(1);
  });
});

describe('signatures in an edge runtime', () => {
  const inVm = (...given: Parameters<typeof check>): ReturnType<typeof check> =>
    JSON.parse(vm.evaluate<string>(`JSON.stringify(worker.check(...${JSON.stringify(given)}))`)) as never;

  it.each(['svix', 'webhook'])('the vector of the vendor sheet, under %s headers', (family) => {
    const { secret, id, timestamp, body, signature } = VECTOR;
    const headers = {
      [`${family}-id`]: id,
      [`${family}-timestamp`]: String(timestamp),
      [`${family}-signature`]: signature,
    };
    const at = timestamp * 1_000;
    expect(inVm(headers, body, secret, at)).toEqual({ verdict: 'good', signature });
    expect(inVm(headers, `${body} `, secret, at).verdict).toBe('bad-signature');
    expect(inVm(headers, body, secret, at + 301_000).verdict).toBe('old-timestamp');
  });

  it('100 messages with all that text may hold, signed by the package svix and by Node', () => {
    const words = ['', 'ü', '漢字', '🧾', '\u0000', '\ufeff', '\ufffd', '\\', 'x'.repeat(500)];
    for (let index = 0; index < 100; index += 1) {
      const secret = `whsec_${randomBytes(24 + (index % 41)).toString('base64')}`;
      const body = JSON.stringify({ index, words: words.slice(index % words.length) });
      const [id, at] = [`msg_${index}`, now()];
      const signature = new Webhook(secret).sign(id, new Date(at * 1_000), body);
      const headers = { 'svix-id': id, 'svix-timestamp': String(at), 'svix-signature': signature };
      expect(inVm(headers, body, secret, at * 1_000)).toEqual({ verdict: 'good', signature });
      const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`${id}.${at}.${body}`);
      expect(signature).toBe(`v1,${mac.digest('base64')}`);
    }
  });
});
