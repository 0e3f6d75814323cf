import { checkKey } from './check-key.js';
import type { ObjectBody, ResultStore, StoredObject } from './result-store.js';
import { sha256 } from './sha256.js';

/** Keeps results in this process only: for tests and trials, since nothing survives a restart and no other worker sees it. */
export function memoryStore(): ResultStore {
  const objects = new Map<string, { body: Uint8Array; facts: StoredObject }>();
  return {
    async put(key, body, contentType) {
      checkKey(key);
      const earlier = objects.get(key);
      if (earlier !== undefined) return { ...earlier.facts };
      const whole = await readWhole(body);
      // Another writer of the key may have been faster meanwhile.
      const first = objects.get(key);
      if (first !== undefined) return { ...first.facts };
      const facts = { size: whole.byteLength, sha256: sha256(whole), contentType };
      objects.set(key, { body: whole, facts });
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

async function readWhole(body: ObjectBody): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body.slice();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
