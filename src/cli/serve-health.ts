import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Answers every request on a port of its own: 200 `running` while `isRunning()`, else 503 `not running`. Says nothing else of the process.
 * @param port 0 = any free one.
 * @throws the system's error when the port can't be listened on.
 */
export async function serveHealth(port: number, host: string, isRunning: () => boolean): Promise<HealthServer> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    request.resume();
    const [status, word] = isRunning() ? [200, 'running'] : [503, 'not running'];
    response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${word}\n`);
  });
  server.maxConnections = 50;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
