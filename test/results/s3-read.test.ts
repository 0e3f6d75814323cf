import { readWhole } from '../../src/json-stream/index.js';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { getObject } from '../../src/results/s3/read.js';
import type { S3Place } from '../../src/results/s3/s3-place.js';

const HEAL = { name: 'ResultStoreError', retryable: true };

/** A bucket of one object, whose reply's body is given. */
async function opened(body: Readable, { length = 6, timeoutMs = 60_000 } = {}): Promise<AsyncIterable<Uint8Array>> {
  const send = async (): Promise<object> => ({ Body: body, ContentLength: length });
  const place = { at: (key: string) => ({ Bucket: 'b', Key: key }), send, timeoutMs } as unknown as S3Place;
  return (await getObject(place, 'a.json'))!;
}

const bodyOf = (...pieces: string[]): Readable => Readable.from(pieces.map((piece) => Buffer.from(piece)));

/** Its next pieces never come. */
function stalled(...pieces: string[]): PassThrough {
  const body = new PassThrough();
  for (const piece of pieces) body.write(piece);
  return body;
}

describe('a download', () => {
  it('comes in pieces as they came', async () => {
    const pieces: string[] = [];
    for await (const piece of await opened(bodyOf('abc', 'def'))) pieces.push(Buffer.from(piece).toString());
    expect(pieces).toEqual(['abc', 'def']);
  });

  it('that ends too early is an error after what has come', async () => {
    const stream = (await opened(bodyOf('abc')))[Symbol.asyncIterator]();
    expect((await stream.next()).value).toEqual(Buffer.from('abc'));
    const told = { ...HEAL, message: expect.stringMatching(/ECONNRESET/) as string };
    await expect(stream.next()).rejects.toMatchObject(told);
  });

  it('that stands still is broken off', async () => {
    const body = stalled('abc');
    const error: unknown = await readWhole(await opened(body, { timeoutMs: 50 })).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ ...HEAL, message: expect.stringMatching(/in time/) as string });
    expect(body.destroyed).toBe(true);
  });

  it('is not broken off by a reader that takes its time over a piece', async () => {
    const body = stalled('abc');
    const stream = (await opened(body, { timeoutMs: 200 }))[Symbol.asyncIterator]();
    await stream.next();
    await sleep(500);
    body.end('def');
    expect((await stream.next()).value).toEqual(Buffer.from('def'));
    expect((await stream.next()).done).toBe(true);
  });

  it('that nobody begins to read is closed in time, and says so to who begins after that', async () => {
    const body = stalled('abc');
    const bytes = await opened(body, { timeoutMs: 50 });
    await once(body, 'close').catch(() => undefined);
    expect(body.destroyed).toBe(true);
    await expect(readWhole(bytes)).rejects.toMatchObject(HEAL);
  });

  it.each([0, 1])('is closed when its reader leaves after %i pieces', async (pieces) => {
    const body = stalled('abc', 'def');
    const stream = (await opened(body))[Symbol.asyncIterator]();
    for (let at = 0; at < pieces; at++) await stream.next();
    await stream.return?.();
    expect(body.destroyed).toBe(true);
    expect((await stream.next()).done).toBe(true);
  });

  it('is closed at once when its reader leaves while it waits for a piece', async () => {
    const body = stalled();
    const stream = (await opened(body))[Symbol.asyncIterator]();
    const waiting = stream.next().catch((error: unknown) => error);
    await stream.return?.();
    expect(body.destroyed).toBe(true);
    expect(await waiting).toMatchObject(HEAL);
  });
});
