import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. */
export interface Seen {
  method: string;
  /** Path and query, as sent. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What to answer: JSON or text, or whatever `byHand` does. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | { byHand: RequestListener };

export interface VendorServer extends AsyncDisposable {
  url: string;
  seen: Seen[];
}

/** A vendor on loopback that records what it is sent. Bodies are kept up to `keep` bytes, and counted in `x-seen-bytes`. */
export async function serveVendor(
  answer: Answer | ((seen: Seen, url: string) => Answer),
  keep = 1_000_000,
): Promise<VendorServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    let bytes = 0;
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (body.length < keep) body += chunk.toString('latin1');
    });
    request.on('end', () => {
      const { method = '', url: path = '' } = request;
      const headers = { ...request.headers, 'x-seen-bytes': String(bytes) };
      const one = { method, url: path, headers, body: Buffer.from(body, 'latin1').toString('utf8') };
      seen.push(one);
      const how = typeof answer === 'function' ? answer(one, url) : answer;
      if ('byHand' in how) return how.byHand(request, response);
      const text = typeof how.body === 'string' ? how.body : JSON.stringify(how.body ?? {});
      response.writeHead(how.status, how.headers).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
