import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { VendorError } from '../vendor-error.js';

const CHUNK = { chunkSize: 64 * 1024 };

/** How storage may have compressed a body. One coding only: each further one multiplies what little bytes can swell to. */
const DECODERS = new Map<string, () => Transform>([
  ['gzip', () => createGunzip(CHUNK)],
  ['x-gzip', () => createGunzip(CHUNK)],
  ['deflate', () => createInflate(CHUNK)],
  ['br', () => createBrotliDecompress(CHUNK)],
]);

/** The body is larger than the cap. An `invalid_reply` like others, but for who answers somebody else. */
export class ReplyTooLargeError extends VendorError {}

/**
 * A reply's body as it comes, uncompressed, up to `cap` bytes of that: what would swell beyond is cut there, unswollen.
 * @throws VendorError `invalid_reply` over the cap ({@link ReplyTooLargeError}) and for a coding that is unknown or broken.
 */
export async function* replyBytes(
  { body, headers }: Dispatcher.ResponseData,
  cap: number,
  endpoint: string,
): AsyncGenerator<Uint8Array, void> {
  const length = Number(headers['content-length']);
  if (length > cap) throw tooLarge(body, cap, endpoint);
  const coding = String(headers['content-encoding'] ?? '')
    .trim()
    .toLowerCase();
  const isPlain = coding === '' || coding === 'identity' || length === 0;
  const decoder = isPlain ? undefined : DECODERS.get(coding);
  if (!isPlain && decoder === undefined) throw refused(body, 'the reply has an unknown content-encoding', endpoint);
  let size = 0;
  for await (const chunk of decoder === undefined ? bytesOf(body) : decoded(body, decoder(), endpoint)) {
    size += chunk.length;
    if (size > cap) throw tooLarge(body, cap, endpoint);
    yield chunk;
  }
}

const bytesOf = (body: Readable): AsyncIterable<Uint8Array> => body as AsyncIterable<Uint8Array>;

async function* decoded(body: Readable, decoder: Transform, endpoint: string): AsyncGenerator<Uint8Array, void> {
  // Whatever ends one of the two ends the other; the error is the reader's.
  pipeline(body, decoder, () => undefined);
  try {
    yield* bytesOf(decoder);
  } catch (error) {
    const isBroken = /^(Z_|ERR__|ERR_BROTLI)/.test(String((error as NodeJS.ErrnoException).code));
    throw isBroken ? refused(body, 'the reply is not what its content-encoding says', endpoint) : error;
  }
}

function refused(body: Readable, reason: string, endpoint: string): VendorError {
  giveUp(body);
  return new VendorError({ kind: 'invalid_reply', endpoint, reason, sent: true, field: '' });
}

function tooLarge(body: Readable, cap: number, endpoint: string): VendorError {
  giveUp(body);
  const reason = `the reply is larger than the limit of ${cap} bytes (limits.maxBodyBytes)`;
  return new ReplyTooLargeError({ kind: 'invalid_reply', endpoint, reason, sent: true, field: '' });
}

const giveUp = (body: Readable): void => void body.on('error', () => undefined).destroy();
