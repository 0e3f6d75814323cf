import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookHandler } from './create-webhook-handler.js';
import { toNodeHandler } from './node-adapter.js';

export interface ServeWebhooksOptions {
  /** 0 = any free one. */
  port: number;
  /** Address to listen on. Default `127.0.0.1`: what stands in front and ends TLS reaches it there. */
  host?: string;
}

/** A receiver that listens. */
export interface WebhookServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  /** Lets the requests under way be answered, then ends. */
  close(): Promise<void>;
}

/** For a whole request's head and body: a stranger may hold few connections, and not for long. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 5_000,
};
const CLOSE_MS = 10_000;

/**
 * Listens for webhooks on a port of its own.
 * @throws the system's error when the port can't be listened on.
 */
export async function serveWebhooks(
  handler: WebhookHandler,
  { port, host = '127.0.0.1' }: ServeWebhooksOptions,
): Promise<WebhookServer> {
  const answer = toNodeHandler(handler);
  const server = createServer(LIMITS, (request, response) => void answer(request, response));
  server.maxConnections = 2_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, family, port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        const limit = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
        // A connection that becomes idle later is kept alive for the next request, which will not be.
        const idle = setInterval(() => server.closeIdleConnections(), 50);
        server.close(() => {
          clearTimeout(limit);
          clearInterval(idle);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
