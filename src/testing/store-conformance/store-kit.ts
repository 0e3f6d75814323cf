import { readWhole } from '../../json-stream/index.js';
import type { ObjectBody, ResultStore, StoredObject } from '../../results/result-store.js';
import { sha256 } from '../../results/sha256.js';

/** What the cases of one run share. */
export interface StoreKit {
  store: ResultStore;
  /** The same place through another store object, as another worker sees it. */
  another?: ResultStore;
  /** A key that no other case uses, deleted after the run. @param extension default `.json`. */
  key: (extension?: string) => string;
  /** Of the large bodies. */
  largeBytes: number;
}

/** One promise of a result store. `run` throws what is not as it must be. */
export interface StoreCase {
  situation: string;
  expected: string;
  /** Not shown without {@link StoreKit.another}. */
  needsAnother?: boolean;
  run(kit: StoreKit): Promise<void>;
}

/** What is not as it must be. */
export class NotAsPromised extends Error {
  override readonly name = 'NotAsPromised';
}

export const JSON_TYPE = 'application/json';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const factsOf = (body: Uint8Array, contentType = JSON_TYPE): StoredObject => ({
  size: body.byteLength,
  sha256: sha256(body),
  contentType,
});

/** What breaks off in the cases. With a code of a disk's and a server's, as a stream's error may have one that comes from another disk. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly code = 'EACCES';
  readonly $metadata = { httpStatusCode: 403 };
}

/** @param breaksAfter pieces; default: it ends well. @param error what it breaks with. */
export async function* piecesOf(
  pieces: Iterable<Uint8Array>,
  breaksAfter = Infinity,
  error = new Broken('the stream broke off'),
): AsyncGenerator<Uint8Array> {
  let given = 0;
  for (const piece of pieces) {
    if (given++ >= breaksAfter) break;
    yield piece;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (breaksAfter < Infinity) throw error;
}

const PIECE = 64 * 1024;

/** Pieces of 64 KiB that differ from each other and by the seed; never whole in memory. */
export function* largePieces(size: number, seed: number): Generator<Uint8Array> {
  for (let at = 0; at < size; at += PIECE) {
    const piece = Buffer.alloc(Math.min(PIECE, size - at), (at / PIECE + seed) % 251);
    piece.writeUInt8(seed % 256, 0);
    yield piece;
  }
}

export async function expectFacts(what: string, facts: unknown, expected: StoredObject | null): Promise<void> {
  const got = (await facts) as StoredObject | null;
  if (expected === null) {
    if (got !== null) throw new NotAsPromised(`${what}: ${shown(got)} instead of null`);
    return;
  }
  for (const field of ['size', 'sha256', 'contentType'] as const) {
    if (got?.[field] === expected[field]) continue;
    throw new NotAsPromised(`${what}: ${field} is ${shown(got?.[field])} instead of ${shown(expected[field])}`);
  }
}

/** An object's stream. @throws when there is none, or something else. */
export async function opened(store: ResultStore, key: string): Promise<AsyncIterable<Uint8Array>> {
  const got: unknown = await store.get(key);
  if (got === null) throw new NotAsPromised('get: null');
  if (typeof (got as Partial<AsyncIterable<Uint8Array>> | undefined)?.[Symbol.asyncIterator] !== 'function') {
    throw new NotAsPromised(`get: ${got instanceof Uint8Array ? 'bytes' : shown(got)} instead of a stream of bytes`);
  }
  return got as AsyncIterable<Uint8Array>;
}

/** What get gives. @throws for a store of another kind, as {@link opened} does. */
export const bytesIn = async (store: ResultStore, key: string): Promise<Uint8Array> =>
  readWhole(await opened(store, key));

export async function expectBytes(store: ResultStore, key: string, expected: Uint8Array): Promise<void> {
  const got = await bytesIn(store, key);
  if (Buffer.compare(got, expected) === 0) return;
  throw new NotAsPromised(`get: other bytes (${got.byteLength} of them, ${expected.byteLength} expected)`);
}

/** The whole object as it must be, by both ways of looking. */
export async function expectObject(store: ResultStore, key: string, body: Uint8Array, type = JSON_TYPE): Promise<void> {
  await expectFacts('head', store.head(key), factsOf(body, type));
  await expectBytes(store, key, body);
}

export async function expectNothing(store: ResultStore, key: string, when: string): Promise<void> {
  await expectFacts(`head ${when}`, store.head(key), null);
  const got: unknown = await store.get(key);
  if (got !== null) throw new NotAsPromised(`get ${when}: there is something instead of null`);
}

export async function expectRejected(what: string, work: () => Promise<unknown>): Promise<unknown> {
  let got: unknown;
  try {
    got = await work();
  } catch (error) {
    return error;
  }
  throw new NotAsPromised(`${what}: answered with ${shown(got)} instead of an error`);
}

export const put = (store: ResultStore, key: string, body: ObjectBody, type = JSON_TYPE): Promise<StoredObject> =>
  store.put(key, body, type);

export const shown = (value: unknown): string => (value === undefined ? 'undefined' : JSON.stringify(value));
