import { checkKey } from './check-key.js';
import type { ResultStore, StoredObject } from './result-store.js';
import { sha256 } from './sha256.js';

/** Keeps results in this process only: for tests and trials, since nothing survives a restart and no other worker sees it. */
export function memoryStore(): ResultStore {
  const objects = new Map<string, { body: Uint8Array; facts: StoredObject }>();
  return {
    async put(key, body, contentType) {
      checkKey(key);
      const earlier = objects.get(key);
      if (earlier !== undefined) return { ...earlier.facts };
      const facts = { size: body.byteLength, sha256: sha256(body), contentType };
      objects.set(key, { body: body.slice(), facts });
      return { ...facts };
    },
    async head(key) {
      checkKey(key);
      const object = objects.get(key);
      return object === undefined ? null : { ...object.facts };
    },
    async get(key) {
      checkKey(key);
      return objects.get(key)?.body.slice() ?? null;
    },
    async delete(key) {
      checkKey(key);
      objects.delete(key);
    },
  };
}
