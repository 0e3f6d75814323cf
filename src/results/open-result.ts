import { readWhole } from '../json-stream/index.js';
import { createHash, type Hash } from 'node:crypto';
import type { ApplicationFailure } from '@temporalio/common';
import type { Digest, FailureContext } from '../jobs/failures.js';
import type { JsonValue } from '../jobs/json.js';
import type { ResultRef } from '../jobs/types.js';
import { documentFailure } from './document-failure.js';
import { readOnce } from './read-once.js';
import { jobOfKey } from './result-key.js';
import type { ResultStore } from './result-store.js';

/** What reading a result takes: a `ResultStore`, or what stands in for one. */
export type ReadableStore = Pick<ResultStore, 'get'>;

/**
 * Opens a stored result as bytes that are checked against its reference (size and SHA-256) while they pass, in flat memory. What has come is
 * what was stored only when the stream has ended: write to a temporary name and rename, or count nothing as done before the end.
 *
 * One reader reads it once. Leaving it early (`break`, `return()`) closes file or connection, and nothing is checked then.
 *
 * @returns the bytes in pieces, as the vendor sent them: UTF-8 JSON.
 * @throws `DocumentResultCorrupt` (an `ApplicationFailure` that is not retried) at once when the store has no such object (`found` is null);
 * in place of the stream's end when the bytes are not those of the reference; before the first byte too many. `found` is then what has
 * come by that time.
 * @throws {ResultStoreError} as the store does.
 */
export async function openResult(store: ReadableStore, ref: ResultRef): Promise<AsyncIterable<Uint8Array>> {
  const bytes = await store.get(ref.key);
  if (bytes === null) throw corrupt(ref, null);
  const stream = bytes[Symbol.asyncIterator]();
  return readOnce(verified(stream, ref), () => stream.return?.());
}

/**
 * A stored result whole, checked as {@link openResult} does it. It is held in memory, more than once: large ones are for `openResult`.
 * @throws as `openResult` does; `DocumentReplyInvalid` for bytes that are what was stored and no JSON, which is the vendor's doing.
 */
export async function readResult(store: ReadableStore, ref: ResultRef): Promise<JsonValue> {
  const bytes = await readWhole(await openResult(store, ref));
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as JsonValue;
  } catch {
    // The parser's own words quote the text.
    const reason = 'the stored result is no JSON';
    const message = `${ref.key}: ${reason}; it is what was stored: run the operation again, or ask the vendor`;
    throw documentFailure('DocumentReplyInvalid', message, { ...aboutOf(ref), reason, endpoint: ref.key, field: '' });
  }
}

async function* verified(stream: AsyncIterator<Uint8Array>, ref: ResultRef): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for (;;) {
    const next = await stream.next();
    if (next.done === true) break;
    hash.update(next.value);
    size += next.value.byteLength;
    if (size > ref.size) {
      await letGo(stream);
      throw corrupt(ref, digestOf(size, hash));
    }
    yield next.value;
  }
  const found = digestOf(size, hash);
  if (size !== ref.size || found.sha256 !== ref.sha256) throw corrupt(ref, found);
}

async function letGo(stream: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    await stream.return?.();
  } catch {
    // What is wrong with the bytes counts.
  }
}

const digestOf = (size: number, hash: Hash): Digest => ({ size, sha256: hash.digest('hex') });

const FETCH_AGAIN =
  'then attach to the job by its id while the vendor keeps the result: it is paid, and is not submitted again.';

function corrupt(ref: ResultRef, found: Digest | null): ApplicationFailure {
  const { key, size, sha256 } = ref;
  const about = aboutOf(ref);
  const reason = reasonOf(ref, found);
  const advice =
    found === null
      ? `See that this is the store that the worker writes to, ${FETCH_AGAIN}`
      : `Delete the object, since a store never replaces one, ${FETCH_AGAIN}`;
  const whose = about.jobId === undefined ? 'the result' : `the result of ${about.operation} job ${about.jobId}`;
  return documentFailure('DocumentResultCorrupt', `${whose} under ${key} ${reason}. ${advice}`, {
    ...about,
    reason,
    key,
    expected: { size, sha256 },
    found,
  });
}

function reasonOf({ size, sha256 }: ResultRef, found: Digest | null): string {
  if (found === null) return 'is gone: the store has no such object';
  if (found.size > size) return `is longer than the ${size} bytes that were stored`;
  if (found.size < size) return `is cut short: ${found.size} of ${size} bytes`;
  return `was changed: its SHA-256 is ${found.sha256} instead of ${sha256}`;
}

/** Whose result it is, for failures. */
export function aboutOf({ key }: ResultRef): FailureContext {
  return jobOfKey(key) ?? { provider: 'unknown', account: 'unknown', operation: 'parse' };
}
