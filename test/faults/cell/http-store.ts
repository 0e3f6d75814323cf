import { request } from 'undici';
import type { ResultStore, StoredObject } from '../../../src/index.js';

interface Answer {
  facts: StoredObject;
  bytes: Uint8Array;
}

/** Results in a store of another process, as an object store is: what a dying worker has half written is half received there. */
export function httpStore(url: string): ResultStore {
  const call = async (method: 'PUT' | 'HEAD' | 'GET' | 'DELETE', key: string, more = {}): Promise<Answer | null> => {
    const { statusCode, headers, body } = await request(`${url}/${key}`, { method, ...more });
    const bytes = await body.bytes();
    if (statusCode === 404) return null;
    if (statusCode !== 200) throw new Error(`store: ${method} answered ${statusCode}`);
    return { bytes, facts: JSON.parse(String(headers['x-facts'])) as StoredObject };
  };
  return {
    async put(key, body, contentType) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body instanceof Uint8Array ? [body] : body) chunks.push(chunk);
      const written = await call('PUT', key, { headers: { 'content-type': contentType }, body: Buffer.concat(chunks) });
      return written!.facts;
    },
    head: async (key) => (await call('HEAD', key))?.facts ?? null,
    get: async (key) => (await call('GET', key))?.bytes ?? null,
    delete: async (key) => void (await call('DELETE', key)),
  };
}
