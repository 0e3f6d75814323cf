import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import type { NewEndpoint, Sandbox, SandboxOptions } from '../../../src/sandbox/index.js';
import {
  createWebhookHandler,
  toNodeHandler,
  type WebhookEvent,
  type WebhookLogEntry,
} from '../../../src/webhooks/index.js';
import { waitUntil } from '../../support/wait-until.js';
import { type Client, INVOICE_TEXT } from '../client.js';

export const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
export const TOKEN = 'direct-token-that-nobody-can-guess_0123';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: { status?: string; job_id?: string; metadata?: unknown; type?: string };
  text: string;
  at: number;
}
export interface Receiver {
  url: string;
  received: Received[];
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Takes what comes. @param statusOf the answer to the nth, from 0 */
export async function receiver(statusOf: (nth: number) => number = () => 204): Promise<Receiver> {
  const received: Received[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = JSON.parse(text) as Received['body'];
    received.push({ path: request.url ?? '', headers: request.headers, body, text, at: performance.now() });
    response.writeHead(statusOf(received.length - 1)).end();
  };
  const server = createServer((request, response) => void take(request, response));
  return { url: await listen(server), received };
}

/** Our own receiver, before which the sandbox has to hold its own. */
export async function ownReceiver(): Promise<{ url: string; events: WebhookEvent[]; log: WebhookLogEntry[] }> {
  const events: WebhookEvent[] = [];
  const log: WebhookLogEntry[] = [];
  const handle = createWebhookHandler({
    accounts: {
      reducto: { provider: 'reducto', secrets: SECRET, directToken: TOKEN },
      pulse: { provider: 'pulse', secrets: SECRET },
    },
    deliver: async (event) => void events.push(event),
    log: (entry) => void log.push(entry),
  });
  const answer = toNodeHandler(handle);
  return { url: await listen(createServer((request, response) => void answer(request, response))), events, log };
}

export const register = (sandbox: Sandbox, url: string, more: Partial<NewEndpoint> = {}) =>
  sandbox.webhooks.register({ provider: 'reducto', url, secrets: [SECRET], ...more });

export const SIGNED = { mode: 'svix' };
export async function submit(
  client: Client,
  webhook: object | null = SIGNED,
  metadata: unknown = { doc: 'd1' },
): Promise<string> {
  return client.submit('parse', { input: await client.upload(INVOICE_TEXT, 'a.txt'), async: { webhook, metadata } });
}
export const QUICK: SandboxOptions = { webhooks: { schedule: [0, 20, 40] } };
export const arrived = (list: unknown[], number = 1): Promise<void> =>
  waitUntil(() => list.length >= number, `${number} have arrived`, 5_000);
export const settled = (sandbox: Sandbox): Promise<void> =>
  waitUntil(
    () => {
      const all = sandbox.ledger.webhooks();
      return all.length > 0 && all.every(({ state }) => state !== 'waiting');
    },
    'all are settled',
    5_000,
  );
