import { checkKey } from './check-key.js';
import type { ResultStore, StoredObject } from './result-store.js';
import { sha256 } from './sha256.js';
import { lendBody, type WatchedBody } from './watched-body.js';

/** Large objects come in pieces, as from any other store. */
const PIECE_BYTES = 64 * 1024;

/** Keeps results in this process only: for tests and trials, since nothing survives a restart and no other worker sees it. */
export function memoryStore(): ResultStore {
  const objects = new Map<string, { body: Uint8Array; facts: StoredObject }>();

  async function put(key: string, body: WatchedBody, contentType: string): Promise<StoredObject> {
    checkKey(key);
    const earlier = objects.get(key);
    if (earlier !== undefined) return { ...earlier.facts };
    const whole = await wholeOf(body);
    // Another writer of the key may have been faster meanwhile.
    const first = objects.get(key);
    if (first !== undefined) return { ...first.facts };
    const facts = { size: whole.byteLength, sha256: sha256(whole), contentType };
    objects.set(key, { body: whole, facts });
    return { ...facts };
  }

  return {
    put: (key, body, contentType) =>
      lendBody(
        body,
        (error) => error,
        (lent) => put(key, lent, contentType),
      ),
    async head(key) {
      checkKey(key);
      const object = objects.get(key);
      return object === undefined ? null : { ...object.facts };
    },
    async get(key) {
      checkKey(key);
      const object = objects.get(key);
      return object === undefined ? null : { [Symbol.asyncIterator]: () => piecesOf(object.body) };
    },
    async delete(key) {
      checkKey(key);
      objects.delete(key);
    },
  };
}

/** A copy: the caller's bytes stay the caller's. */
async function wholeOf(body: WatchedBody): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let piece = await body.next(); piece !== null; piece = await body.next()) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* piecesOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += PIECE_BYTES) yield Buffer.from(body.subarray(at, at + PIECE_BYTES));
}
