import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import type { StoredObject } from '../result-store.js';
import { s3ErrorCode, s3Status } from './s3-store-error.js';
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

export async function getObject(place: S3Place, key: string): Promise<Uint8Array | null> {
  const opened = await openObject(place, key);
  if (opened === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of opened.pieces) chunks.push(chunk);
  return Buffer.concat(chunks);
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
  /** As they come. Throws in the middle when there are fewer than promised, or none for too long. */
  pieces: AsyncIterable<Uint8Array>;
  /** Instead of reading them. */
  close(): void;
}

async function openObject(place: S3Place, key: string): Promise<Opened | null> {
  try {
    const output = await place.send(new GetObjectCommand(place.at(key)));
    const body = output.Body as unknown as NodeStream;
    return { output, pieces: piecesOf(body, output.ContentLength, place.timeoutMs), close: () => body.destroy() };
  } catch (error) {
    if (s3ErrorCode(error) !== 'NoSuchKey') throw error;
    place.bucketSeen = true;
    return null;
  }
}

type NodeStream = AsyncIterable<Uint8Array> & { destroy(error?: Error): void };

async function* piecesOf(
  body: NodeStream,
  expected: number | undefined,
  timeoutMs: number,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  const late = setTimeout(() => body.destroy(named('TimeoutError')), timeoutMs);
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      late.refresh();
      yield chunk;
      late.refresh();
    }
  } finally {
    clearTimeout(late);
    body.destroy();
  }
  if (expected !== undefined && size < expected) throw named('ECONNRESET');
}

const named = (name: string): Error => Object.assign(new Error(name), { name });
