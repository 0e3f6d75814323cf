import { readWhole } from '../json-stream/index.js';
import type { ResultStore } from './result-store.js';

/** A small object whole. @returns null when the key has none. */
export async function readObject(store: Pick<ResultStore, 'get'>, key: string): Promise<Uint8Array | null> {
  const bytes = await store.get(key);
  return bytes === null ? null : readWhole(bytes);
}
