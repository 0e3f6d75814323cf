import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResultStore, StoredObject } from '../../../src/index.js';

export interface StoreServer extends AsyncDisposable {
  url: string;
}

/** Serves a result store to the workers of a cell. */
export async function serveStore(store: ResultStore): Promise<StoreServer> {
  const server = createServer((request, response) => {
    const key = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname.slice(1));
    const answer = (facts: StoredObject | null, body?: Uint8Array): void => {
      response.writeHead(facts === null ? 404 : 200, facts === null ? {} : { 'x-facts': JSON.stringify(facts) });
      response.end(body);
    };
    const carryOut = async (): Promise<void> => {
      switch (request.method) {
        case 'PUT':
          return answer(await store.put(key, request, request.headers['content-type'] ?? ''));
        case 'HEAD':
          return answer(await store.head(key));
        case 'DELETE':
          return void (await store.delete(key));
        default:
          return answer(await store.head(key), (await store.get(key)) ?? undefined);
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
