import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { checkKey } from '../check-key.js';
import { ResultStoreError, type ResultStore, type StoredObject } from '../result-store.js';
import { tidySpool } from '../spool-folder.js';
import { lendBody, type WatchedBody } from '../watched-body.js';
import { holdBody } from './body-source.js';
import { getObject, headObject } from './read.js';
import type { S3Place } from './s3-place.js';
import { s3StoreError } from './s3-store-error.js';
import { abortOthers, upload } from './upload.js';

/** How the server encrypts objects at rest. Keys that the client sends with each request (SSE-C) are not supported. */
export type S3Encryption =
  /** With keys of the server's own. */
  | { type: 'AES256' }
  /** With a key in KMS. `keyId`: its id or ARN, default the account's own for S3. `bucketKey`: fewer calls of KMS, default the bucket's setting. */
  | { type: 'aws:kms'; keyId?: string; bucketKey?: boolean };

export interface S3StoreOptions {
  /** Must exist. */
  bucket: string;
  /** Put before every key with a `/`: `document-jobs/prod`. Default: none. */
  prefix?: string;
  /** One of your own, which you close; then `region`, `endpoint`, `forcePathStyle` and `credentials` are its matter. Default: one is made. */
  client?: S3Client;
  /** Default: as the AWS SDK finds it (`AWS_REGION`, profile). */
  region?: string;
  /** URL of another server that speaks S3. Default: Amazon's for the region. */
  endpoint?: string;
  /** Bucket in the path instead of in the host name. Default: true with an `endpoint`, else false. */
  forcePathStyle?: boolean;
  /** Values, or a function that the SDK asks again when they expire. Default: as the AWS SDK finds them (environment, profile, role). */
  credentials?: NonNullable<S3ClientConfig['credentials']>;
  /** Default: as the bucket is set. */
  encryption?: S3Encryption;
  /** What the server checks arriving bytes by. `MD5` is for servers that refuse `x-amz-checksum-sha256`. Default `SHA256`. */
  checksum?: 'SHA256' | 'MD5';
  /** Larger bodies go up in parts of this size (larger ones above 10,000 parts); two are held in memory. Bytes, at least 5 MiB. Default 8 MiB. */
  partSize?: number;
  /** Limit of one call with the SDK's own retries; in a download, of the pause between two pieces. ms. Default 60,000. */
  timeoutMs?: number;
  /** Where streams longer than `partSize` wait on disk until their hash is known. Default: a folder that only this user can read, in the system's temporary one. */
  spoolFolder?: string;
}

const MIB = 1024 * 1024;
const MIN_PART = 5 * MIB;
/** Conflicts and objects that are gone again pass quickly; what does not is left to the caller's patience. */
const ATTEMPTS = 6;
const PAUSE_MS = 100;

/**
 * Keeps results in a bucket of Amazon S3, or of a server that knows its conditional writes (`If-None-Match: *` on PutObject and on
 * CompleteMultipartUpload): for workers on any number of hosts. One that ignores them is write-once only as long as writers don't meet;
 * `checkResultStore` shows it.
 * @throws TypeError for options that can't be meant.
 */
export function s3Store(options: S3StoreOptions): ResultStore {
  const place = placeOf(options);
  const { spoolFolder } = options;

  async function put(key: string, body: Uint8Array | WatchedBody, contentType: string): Promise<StoredObject> {
    checkKey(key);
    if (!(body instanceof Uint8Array)) await tidySpool(spoolFolder);
    const earlier = await headObject(place, key);
    if (earlier !== null) return earlier;
    await using held = await holdBody(key, body, { memoryBytes: place.partSize, spoolFolder });
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const written = await upload(place, key, held, contentType);
      if (written === 'written') return { size: held.size, sha256: held.sha256, contentType };
      const winner = await headObject(place, key);
      if (winner !== null) return winner;
      await sleep(PAUSE_MS * attempt * (0.5 + Math.random()));
    }
    throw s3StoreError(key, { name: 'ConditionalRequestConflict' });
  }

  return {
    put: (key, body, contentType) =>
      lendBody(
        body,
        (error) => s3StoreError(key, error),
        (lent) => put(key, body instanceof Uint8Array ? body : lent, contentType),
      ),
    head: async (key) => (checkKey(key), inWords(key, headObject(place, key))),
    get: async (key) => (checkKey(key), inWords(key, getObject(place, key))),
    delete: async (key) => {
      checkKey(key);
      await inWords(key, place.send(new DeleteObjectCommand(place.at(key))));
    },
    tidy: async (key) => (checkKey(key), abortOthers(place, key)),
  };
}

async function inWords<T>(key: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw s3StoreError(key, error);
  }
}

function placeOf(options: S3StoreOptions): S3Place {
  const { bucket, prefix = '', encryption, checksum = 'SHA256', partSize = 8 * MIB, timeoutMs = 60_000 } = options;
  if (bucket === '') throw new TypeError('s3Store: bucket is empty');
  if (!Number.isInteger(partSize) || partSize < MIN_PART) throw new TypeError(`s3Store: partSize is below ${MIN_PART}`);
  if (!(timeoutMs > 0)) throw new TypeError('s3Store: timeoutMs must be above 0');
  const folder = prefix.replace(/\/+$/, '');
  if (folder !== '') checkPrefix(folder);
  const client = options.client ?? createClient(options);
  return {
    at: (key) => ({ Bucket: bucket, Key: folder === '' ? key : `${folder}/${key}` }),
    send: limited(client, timeoutMs),
    encryption: encryption === undefined ? {} : encryptionFields(encryption),
    checksum,
    bucketSeen: false,
    partSize,
    timeoutMs,
  };
}

/** The SDK waits for ever by itself. A limit that went on after the reply's head would break long downloads off. */
function limited(client: S3Client, timeoutMs: number): S3Client['send'] {
  const send = async (command: Parameters<S3Client['send']>[0]): Promise<unknown> => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeoutMs);
    try {
      return await client.send(command, { abortSignal: limit.signal });
    } finally {
      clearTimeout(timer);
    }
  };
  return send as S3Client['send'];
}

function checkPrefix(prefix: string): void {
  try {
    checkKey(prefix);
  } catch (error) {
    throw error instanceof ResultStoreError ? new TypeError(`s3Store: prefix: ${error.message}`) : error;
  }
}

function encryptionFields(encryption: S3Encryption): S3Place['encryption'] {
  if (encryption.type === 'AES256') return { ServerSideEncryption: 'AES256' };
  const { keyId, bucketKey } = encryption;
  return {
    ServerSideEncryption: 'aws:kms',
    ...(keyId === undefined ? {} : { SSEKMSKeyId: keyId }),
    ...(bucketKey === undefined ? {} : { BucketKeyEnabled: bucketKey }),
  };
}

function createClient({ region, endpoint, forcePathStyle, credentials }: S3StoreOptions): S3Client {
  return new S3Client({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
    ...(credentials === undefined ? {} : { credentials }),
    // Every body has a checksum of ours; the SDK's own needs a way of sending that not every server knows.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
