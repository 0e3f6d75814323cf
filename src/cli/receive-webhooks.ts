import { createWebhookHandler, webhookLine } from '../webhooks/index.js';
import { serveWebhooks, type WebhookServer } from '../webhooks/serve-webhooks.js';
import { messageOf, usageError } from './cli-error.js';
import type { Session } from './connect.js';
import { webhookAccounts } from './webhook-accounts.js';

export interface ReceiveFlags {
  port: number;
  host: string;
  /** Of the path. */
  prefix: string;
  /** None: those that the environment has secrets for. */
  accounts: readonly string[];
  mailbox: { taskQueue?: string } | false;
}

/** A receiver inside this command. @throws usage error for what is wrong with the environment, the path or the port. */
export async function receiveWebhooks(
  { client }: Pick<Session, 'client'>,
  { port, host, prefix, accounts: names, mailbox }: ReceiveFlags,
  log: (text: string) => void,
): Promise<WebhookServer & { urls: string[] }> {
  const accounts = webhookAccounts(names);
  const options = { accounts, client, mailbox, path: prefix };
  let handler;
  try {
    handler = createWebhookHandler({ ...options, log: (entry) => log(webhookLine(entry)) });
  } catch (error) {
    throw usageError(messageOf(error).replace('webhook option path:', '--path:'));
  }
  const server = await serveWebhooks(handler, { port, host }).catch((error: unknown) => {
    throw usageError(`webhooks can't be received on port ${port} (${messageOf(error)}); choose another`);
  });
  return { ...server, urls: Object.keys(accounts).map((name) => `${server.url}${prefix}/${name}`) };
}
