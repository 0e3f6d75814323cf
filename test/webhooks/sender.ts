import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { WebhookEvent } from '../../src/jobs/webhook.js';
import { createWebhookHandler, type WebhookHandler, type WebhookHandlerOptions } from '../../src/webhooks/index.js';
import type { WebhookLogEntry } from '../../src/webhooks/index.js';

export const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;
export const newToken = (): string => randomBytes(32).toString('base64url');

export const SECRET = newSecret();
export const TOKEN = newToken();
export const JOB = '204a39e4-dd10-4c83-a978-0cee4af8cde2';
export const COMPLETED = JSON.stringify({ status: 'Completed', job_id: JOB, metadata: { doc: 'd1' } });
export const ACCOUNTS = {
  reducto: { provider: 'reducto', secrets: SECRET, directToken: TOKEN },
  pulse: { provider: 'pulse', secrets: SECRET },
} as const;

/** Of the vendor sheet: whoever implements the scheme gets this signature. */
export const VECTOR = {
  secret: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
  id: 'msg_2abcDEF123',
  timestamp: 1_795_460_000,
  body: '{"status":"Completed","job_id":"204a39e4-dd10-4c83-a978-0cee4af8cde2","metadata":{"doc":"d1"}}',
  signature: 'v1,n52JcGpzK2lCVAnWCsshqyio/hpLcPRA/4W+YxS8vr0=',
};

export interface Signed {
  secret?: string;
  id?: string;
  /** Seconds since the epoch. */
  at?: number;
  family?: 'svix' | 'webhook';
}

/** The three headers, made by the reference implementation. */
export function signedHeaders(
  body: string,
  { secret = SECRET, id = `msg_${randomBytes(8).toString('hex')}`, at = now(), family = 'svix' }: Signed = {},
): Record<string, string> {
  const signature = new Webhook(secret).sign(id, new Date(at * 1_000), body);
  return { [`${family}-id`]: id, [`${family}-timestamp`]: String(at), [`${family}-signature`]: signature };
}

export const now = (): number => Math.floor(Date.now() / 1_000);

export function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Request {
  return new Request(`https://hooks.example${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** A signed request, as the vendor sends it. */
export const signed = (body = COMPLETED, how: Signed = {}, path = '/webhooks/reducto'): Request =>
  post(path, body, signedHeaders(body, how));

/** A receiver that keeps what it delivers and logs. */
export function receiver(options: Partial<WebhookHandlerOptions> = {}): {
  handle: WebhookHandler;
  events: WebhookEvent[];
  log: WebhookLogEntry[];
} {
  const events: WebhookEvent[] = [];
  const log: WebhookLogEntry[] = [];
  const deliver = async (event: WebhookEvent): Promise<void> => void events.push(event);
  const handle = createWebhookHandler({
    accounts: ACCOUNTS,
    deliver,
    log: (entry) => void log.push(entry),
    ...options,
  });
  return { handle, events, log };
}
