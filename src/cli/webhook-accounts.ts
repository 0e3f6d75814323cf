import type { WebhookAccount, WebhookProvider } from '../webhooks/index.js';
import * as formats from '../providers/webhook-formats.js';
import type { WebhookFormat } from '../providers/webhook-format.js';
import { signingKey } from '../webhooks/verify/signing-key.js';
import { vendorOfAccount, webhookSecretVariable as secretVariable } from './accounts.js';
import { messageOf, usageError } from './cli-error.js';

const FORMATS: Readonly<Record<string, WebhookFormat>> = formats;

export const TOKEN_VARIABLE = 'DOCJOBS_WEBHOOK_TOKEN';

/** Documented in every command that receives webhooks. */
export const WEBHOOK_ENVIRONMENT = [
  `  ${'<VENDOR>_WEBHOOK_SECRET'.padEnd(36)}  signing secret of the endpoint in the vendor's portal (whsec_…); while it is being`,
  `  ${''.padEnd(36)}  changed, both, with a comma or a line break between`,
  `  ${TOKEN_VARIABLE.padEnd(36)}  token in the path of URLs that Reducto calls without a signature: 32 or more of`,
  `  ${''.padEnd(36)}  A–Z a–z 0–9 _ - from a random generator; may be several, likewise`,
].join('\n');

/** One or several, by commas or line breaks. */
const listIn = (value: string | undefined): string[] => (value ?? '').split(/[\s,]+/).filter((one) => one !== '');

/** What lets an account's sender in, as the environment has it. @throws usage error that names the variable, never its value. */
export function webhookSecrets(account: string, environment = process.env): { secrets: string[]; tokens: string[] } {
  const format = FORMATS[vendorOfAccount(account)];
  if (format === undefined) throw usageError(`--account ${account}: its vendor's webhooks are not known`);
  const variable = secretVariable(format.name);
  const secrets = listIn(environment[variable]);
  try {
    secrets.forEach(signingKey);
  } catch (error) {
    throw usageError(`${variable}: ${messageOf(error)}`);
  }
  const tokens = format.direct ? listIn(environment[TOKEN_VARIABLE]) : [];
  if (tokens.every((token) => /^[\w-]{32,}$/.test(token))) return { secrets, tokens };
  throw usageError(`${TOKEN_VARIABLE}: expected 32 or more of A–Z a–z 0–9 _ - from a random generator`);
}

/**
 * The accounts that can be received for.
 * @param names that must be among them; none = what the environment has secrets for, accounts being called after their vendors.
 * @throws usage error that names the variables when there are no secrets.
 */
export function webhookAccounts(names: readonly string[], environment = process.env): Record<string, WebhookAccount> {
  const wanted = names.length > 0 ? names : Object.keys(FORMATS);
  const accounts = wanted.flatMap((name): [string, WebhookAccount][] => {
    const { secrets, tokens } = webhookSecrets(name, environment);
    if (secrets.length === 0 && tokens.length === 0) {
      if (names.length === 0) return [];
      throw missing(name);
    }
    const provider = vendorOfAccount(name) as WebhookProvider;
    return [
      [name, { provider, ...(secrets.length > 0 && { secrets }), ...(tokens.length > 0 && { directToken: tokens }) }],
    ];
  });
  if (accounts.length === 0) throw missing();
  return Object.fromEntries(accounts);
}

function missing(account?: string): Error {
  const providers = account === undefined ? Object.keys(FORMATS) : [vendorOfAccount(account)];
  const direct = providers.some((name) => FORMATS[name]?.direct === true);
  const variables = [...providers.map(secretVariable), ...(direct ? [TOKEN_VARIABLE] : [])];
  return usageError(
    `no webhook secret${account === undefined ? '' : ` for ${account}`}: set ${variables.join(' or ')}; "docjobs webhook --configure" says where it is`,
  );
}
