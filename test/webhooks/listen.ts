import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { COMPLETED, signedHeaders } from './sender.js';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise((resolve) => server.closeAllConnections() ?? server.close(resolve))),
  );
});

/** Serves until the test's end. @returns `http://127.0.0.1:PORT` */
export async function listen(
  listener: (...args: Parameters<RequestListener>) => void | Promise<void>,
): Promise<string> {
  const server = createServer((request, response) => void listener(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Posts, by default a good event. @returns the status */
export async function sendTo(
  url: string,
  path = '/webhooks/reducto',
  body: string | Buffer = COMPLETED,
  headers = signedHeaders(COMPLETED),
): Promise<number> {
  const answer = await fetch(url + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  await answer.body?.cancel();
  return answer.status;
}
