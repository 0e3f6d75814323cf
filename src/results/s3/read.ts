import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { readOnce } from '../read-once.js';
import type { StoredObject } from '../result-store.js';
import { s3ErrorCode, s3Status, s3StoreError } from './s3-store-error.js';
import type { S3Place } from './s3-place.js';

/** @returns null when the key has no object. @throws when there is no bucket, or none that we may read. */
export async function headObject(place: S3Place, key: string): Promise<StoredObject | null> {
  let output: HeadObjectCommandOutput;
  try {
    output = await place.send(new HeadObjectCommand(place.at(key)));
  } catch (error) {
    const status = s3Status(error) ?? 500;
    if (status >= 500) throw error;
    if (status === 404 && place.bucketSeen) return null;
    // A reply to HEAD has no body, hence no code: 404 may mean the object or the bucket, 403 many things. GET says which.
    const opened = await openObject(place, key);
    if (opened === null) return null;
    opened.close();
    output = opened.output;
  }
  place.bucketSeen = true;
  const { ContentLength = 0, ContentType = 'application/octet-stream', Metadata } = output;
  // Without: another program has put it there, or the server keeps no metadata.
  const sha256 = Metadata?.sha256 ?? (await hashOf(place, key));
  return sha256 === null ? null : { size: ContentLength, sha256, contentType: ContentType };
}

/**
 * Opens an object. A stream that nobody begins to read is closed after the store's time limit.
 * @returns null when the key has no object.
 */
export async function getObject(place: S3Place, key: string): Promise<AsyncIterable<Uint8Array> | null> {
  const opened = await openObject(place, key);
  if (opened === null) return null;
  return readOnce(inWords(key, opened.pieces), () => opened.close());
}

async function* inWords(key: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (error) {
    throw s3StoreError(key, error);
  }
}

async function hashOf(place: S3Place, key: string): Promise<string | null> {
  const opened = await openObject(place, key);
  if (opened === null) return null;
  const hash = createHash('sha256');
  for await (const chunk of opened.pieces) hash.update(chunk);
  return hash.digest('hex');
}

interface Opened {
  output: GetObjectCommandOutput;
  /** As they come. Throws in the middle when there are fewer than promised, or none for too long; its reader may take its time. */
  pieces: AsyncIterable<Uint8Array>;
  /** Instead of reading them. */
  close(): void;
}

async function openObject(place: S3Place, key: string): Promise<Opened | null> {
  try {
    const output = await place.send(new GetObjectCommand(place.at(key)));
    const body = output.Body as unknown as NodeStream;
    // The connection may break before anybody listens.
    body.on('error', () => undefined);
    const limit = new StallLimit(body, place.timeoutMs);
    return { output, pieces: piecesOf(body, output.ContentLength, limit), close: () => limit.end() };
  } catch (error) {
    if (s3ErrorCode(error) !== 'NoSuchKey') throw error;
    place.bucketSeen = true;
    return null;
  }
}

type NodeStream = AsyncIterable<Uint8Array> & Pick<Readable, 'destroy' | 'on'>;

async function* piecesOf(
  body: NodeStream,
  expected: number | undefined,
  limit: StallLimit,
): AsyncGenerator<Uint8Array> {
  const stream = body[Symbol.asyncIterator]();
  let size = 0;
  try {
    for (;;) {
      limit.waits();
      const next = await stream.next();
      limit.holds();
      if (next.done === true) break;
      size += next.value.byteLength;
      yield next.value;
    }
  } finally {
    limit.end();
  }
  if (expected !== undefined && size < expected) throw named('ECONNRESET');
}

/** Breaks a download off that stands still, or that nobody begins to read; not one whose reader takes its time over a piece. */
class StallLimit {
  readonly #timer: NodeJS.Timeout;
  #isWaiting = true;

  constructor(
    private readonly body: NodeStream,
    timeoutMs: number,
  ) {
    this.#timer = setTimeout(() => {
      if (this.#isWaiting) body.destroy(named('TimeoutError'));
    }, timeoutMs);
  }

  waits(): void {
    this.#isWaiting = true;
    this.#timer.refresh();
  }

  holds(): void {
    this.#isWaiting = false;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.body.destroy();
  }
}

const named = (name: string): Error => Object.assign(new Error(name), { name });
