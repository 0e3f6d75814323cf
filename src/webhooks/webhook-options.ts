import type { WebhookEvent } from '../jobs/webhook.js';
import type { WebhookFormat } from '../providers/webhook-format.js';
import * as formats from '../providers/webhook-formats.js';
import { secretReader, type WebhookSecrets } from './account-secrets.js';
import { createTemporalDelivery, type TemporalDeliveryOptions } from './temporal-delivery.js';
import { logTroubles, type WebhookLog } from './webhook-log.js';
import { type SigningKey, signingKey } from './verify/signing-key.js';

/** A vendor whose webhooks are known here. */
export type WebhookProvider = keyof typeof formats;

/** What lets a sender in. At least one of the two. */
export interface WebhookAccount {
  /** A vendor of ours, or the format of another one's webhooks. */
  provider: WebhookProvider | WebhookFormat;
  /** The endpoint's signing secret in the vendor's portal, `whsec_…`. Up to 8: while one is being changed, both count. */
  secrets?: WebhookSecrets;
  /**
   * The last part of the path of URLs that submits name, where the vendor calls such without a signature: at least 32 of `A–Z a–z 0–9 _ -`, from
   * a random generator. Up to 8.
   */
  directToken?: WebhookSecrets;
}

/**
 * Hands an event on. It must settle; what it throws is answered with 503, so that the sender tries again.
 * @returns `'nobody-waits'` for one that changes nothing any more.
 */
export type DeliverWebhook = (event: WebhookEvent) => Promise<void | 'nobody-waits'>;

export interface WebhookHandlerOptions extends Partial<TemporalDeliveryOptions> {
  /** By the name under which the worker knows the account. */
  accounts: Readonly<Record<string, WebhookAccount>>;
  /** In place of `client`: what to do with an event that has been checked. */
  deliver?: DeliverWebhook;
  /** What stands before the account in the path. Default `/webhooks`. */
  path?: string;
  /** Default 65,536. Events are small, but for the metadata that submits have put into them. */
  maxBodyBytes?: number;
  /** Default: one line on stderr for what was refused. */
  log?: WebhookLog;
}

/** An account with its options checked. */
export interface ReceivingAccount {
  name: string;
  format: WebhookFormat;
  /** Null when nothing signed is expected. */
  keys: (() => Promise<readonly SigningKey[]>) | null;
  tokens: (() => Promise<readonly string[]>) | null;
}

export interface ResolvedWebhookOptions {
  accounts: ReadonlyMap<string, ReceivingAccount>;
  deliver: DeliverWebhook;
  prefix: string;
  maxBodyBytes: number;
  log: WebhookLog;
}

/** @throws TypeError of one line that names the option and what is expected, never a secret. */
export function resolveOptions(options: WebhookHandlerOptions): ResolvedWebhookOptions {
  const { accounts, deliver, client, path = '/webhooks', maxBodyBytes = 65_536, log = logTroubles } = options;
  if ((deliver === undefined) === (client === undefined)) {
    throw new TypeError('webhook option client: expected either a Temporal client or deliver');
  }
  if (!/^(\/[\w.~-]+)*\/?$/.test(path)) {
    throw new TypeError('webhook option path: expected one such as /webhooks');
  }
  if (!Number.isInteger(maxBodyBytes) || maxBodyBytes < 1) {
    throw new TypeError('webhook option maxBodyBytes: expected a whole number from 1');
  }
  const known = new Map(Object.entries(accounts).map(([name, account]) => [name, receiving(name, account)]));
  if (known.size === 0) throw new TypeError('webhook option accounts: expected at least one');
  return {
    accounts: known,
    deliver: deliver ?? createTemporalDelivery({ ...options, client: client! }),
    prefix: path.replace(/\/$/, ''),
    maxBodyBytes,
    log,
  };
}

function receiving(name: string, { provider, secrets, directToken }: WebhookAccount): ReceivingAccount {
  const option = `webhook option accounts.${name}`;
  const format = typeof provider === 'string' ? formatNamed(provider, option) : provider;
  if (secrets === undefined && directToken === undefined) {
    throw new TypeError(`${option}: expected secrets${format.direct ? ' or directToken' : ''}`);
  }
  if (directToken !== undefined && !format.direct) {
    throw new TypeError(`${option}.directToken: ${format.name} signs all its webhooks; give secrets instead`);
  }
  return {
    name,
    format,
    keys: secrets === undefined ? null : secretReader(secrets, signingKey, `${option}.secrets`),
    tokens: directToken === undefined ? null : secretReader(directToken, checkedToken, `${option}.directToken`),
  };
}

function formatNamed(provider: string, option: string): WebhookFormat {
  const known: Readonly<Record<string, WebhookFormat>> = formats;
  const format = Object.hasOwn(known, provider) ? known[provider] : undefined;
  if (format !== undefined) return format;
  throw new TypeError(`${option}.provider: expected one of ${Object.keys(known).join(', ')}, or a WebhookFormat`);
}

/** 32 characters of 64 are 192 bits, if they are random. */
function checkedToken(token: string): string {
  if (/^[\w-]{32,512}$/.test(token)) return token;
  throw new TypeError('expected at least 32 letters, digits, _ and -, from a random generator');
}
