import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface DocumentServer {
  /** URL under which a file of `examples/`, or one that was added, is served. */
  url(name: string): string;
  add(name: string, bytes: Uint8Array): string;
  close(): Promise<void>;
}

/** Serves documents on loopback, so that they reach the sandbox the way URLs reach a vendor. */
export async function serveDocuments(): Promise<DocumentServer> {
  const added = new Map<string, Uint8Array>();
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname.slice(1));
    void (added.has(name) ? Promise.resolve(added.get(name)) : readFile(join('examples', name))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = (name: string): string => `${base}/${encodeURIComponent(name)}`;
  return {
    url,
    add(name, bytes) {
      added.set(name, bytes);
      return url(name);
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
