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

/** What breaks off in the cases. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** @param breaksAfter pieces; default: it ends well. */
export async function* piecesOf(pieces: Iterable<Uint8Array>, breaksAfter = Infinity): AsyncGenerator<Uint8Array> {
  let given = 0;
  for (const piece of pieces) {
    if (given++ >= breaksAfter) break;
    yield piece;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (breaksAfter < Infinity) throw new Broken('the stream broke off');
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

export async function expectBytes(what: string, read: Promise<unknown>, expected: Uint8Array | null): Promise<void> {
  const got = await read;
  if (expected === null) {
    if (got !== null) throw new NotAsPromised(`${what}: there is something instead of null`);
    return;
  }
  if (!(got instanceof Uint8Array)) throw new NotAsPromised(`${what}: ${shown(got)} instead of bytes`);
  if (Buffer.compare(got, expected) === 0) return;
  throw new NotAsPromised(`${what}: other bytes (${got.byteLength} of them, ${expected.byteLength} expected)`);
}

/** The whole object as it must be, by both ways of looking. */
export async function expectObject(store: ResultStore, key: string, body: Uint8Array, type = JSON_TYPE): Promise<void> {
  await expectFacts('head', store.head(key), factsOf(body, type));
  await expectBytes('get', store.get(key), body);
}

export async function expectNothing(store: ResultStore, key: string, when: string): Promise<void> {
  await expectFacts(`head ${when}`, store.head(key), null);
  await expectBytes(`get ${when}`, store.get(key), null);
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
