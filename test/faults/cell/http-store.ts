import { type Dispatcher, request } from 'undici';
import type { ResultStore, StoredObject } from '../../../src/index.js';

type Method = 'PUT' | 'HEAD' | 'GET' | 'DELETE';

/** Results in a store of another process, as an object store is: what a dying worker has half written is half received there. */
export function httpStore(url: string): ResultStore {
  /** @returns null when there is no such object. */
  const call = async (method: Method, key: string, more = {}): Promise<Dispatcher.ResponseData | null> => {
    const response = await request(`${url}/${key}`, { method, ...more });
    if (response.statusCode === 200) return response;
    await response.body.dump();
    if (response.statusCode === 404) return null;
    throw new Error(`store: ${method} answered ${response.statusCode}`);
  };
  const factsBy = async (method: Method, key: string, more = {}): Promise<StoredObject | null> => {
    const response = await call(method, key, more);
    await response?.body.dump();
    return response === null ? null : (JSON.parse(String(response.headers['x-facts'])) as StoredObject);
  };
  return {
    async put(key, body, contentType) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body instanceof Uint8Array ? [body] : body) chunks.push(chunk);
      const written = { headers: { 'content-type': contentType }, body: Buffer.concat(chunks) };
      return (await factsBy('PUT', key, written))!;
    },
    head: (key) => factsBy('HEAD', key),
    get: async (key) => (await call('GET', key))?.body ?? null,
    delete: async (key) => void (await (await call('DELETE', key))?.body.dump()),
  };
}
