import type { Operation, ResultRef } from '../../src/jobs/types.js';
import type { ReadableStore } from '../../src/results/index.js';
import { sha256 } from '../../src/results/sha256.js';
import { cutBytes, inPieces } from '../support/pieces.js';

export interface StoredJson {
  store: ReadableStore;
  ref: ResultRef;
  /** How often it was opened, and how many of these were let go. */
  seen: { opened: number; closed: number };
}

/** A store with one body, as it was stored or as it is now. */
export function stored(
  vendor: string,
  body: unknown,
  { operation = 'parse', at = [], now }: { operation?: Operation; at?: readonly number[]; now?: string } = {},
): StoredJson {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const seen = { opened: 0, closed: 0 };
  async function* read(): AsyncGenerator<Uint8Array, void> {
    seen.opened += 1;
    try {
      const found = now === undefined ? bytes : Buffer.from(now);
      // Other results are held whole, and their pieces until then.
      yield* operation === 'parse' ? inPieces(found, at) : cutBytes(found, at);
    } finally {
      seen.closed += 1;
    }
  }
  const key = `${vendor}/acc/${operation}/job-1.json`;
  const ref = { key, size: bytes.length, sha256: sha256(bytes), contentType: 'application/json' };
  return { store: { get: async () => read() }, ref, seen };
}

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
