import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { ResultStore, StoredObject } from '../../../src/index.js';

export interface StoreServer extends AsyncDisposable {
  url: string;
}

/** Serves a result store to the workers of a cell. */
export async function serveStore(store: ResultStore): Promise<StoreServer> {
  const server = createServer((request, response) => {
    const key = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname.slice(1));
    const begin = (facts: StoredObject | null): void => {
      response.writeHead(facts === null ? 404 : 200, facts === null ? {} : { 'x-facts': JSON.stringify(facts) });
    };
    const answer = (facts: StoredObject | null): void => {
      begin(facts);
      response.end();
    };
    const read = async (): Promise<void> => {
      const bytes = await store.get(key);
      begin(bytes === null ? null : await store.head(key));
      // In chunks, whose last one tells a whole body from one that breaks off.
      await pipeline(bytes ?? [], response);
    };
    const carryOut = async (): Promise<void> => {
      switch (request.method) {
        case 'PUT':
          return answer(await store.put(key, request, request.headers['content-type'] ?? ''));
        case 'HEAD':
          return answer(await store.head(key));
        case 'DELETE':
          await store.delete(key);
          return void response.end();
        default:
          return read();
      }
    };
    // A writer that dies in the middle takes its connection with it.
    carryOut().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
