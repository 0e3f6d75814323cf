import type { CallContext } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { ask } from './ask.js';

/** A key, or a function that gives it for each call (rotation, secret managers). */
export type ApiKey = string | (() => string | Promise<string>);

/** What a header may carry; a key copied with a line break or a typographic quote would fail there with an error of no use. */
const SENDABLE = /^[\x21-\x7e]+$/;

const KEY = { option: 'apiKey', gives: 'key' };

/**
 * The key for one call, trimmed. What the user's function throws is not repeated: it may come from a secret manager.
 * @param patienceMs how long the function may take.
 * @throws VendorError `auth` for what can't be a key, `unreachable` when the function fails or takes too long: next time it may not.
 * The context's signal's reason when that is aborted.
 */
export async function readKey(
  apiKey: ApiKey,
  endpoint: string,
  context: CallContext,
  patienceMs = 10_000,
): Promise<string> {
  const given: unknown =
    typeof apiKey === 'string' ? apiKey : await ask(apiKey, { ...KEY, endpoint, patienceMs }, context);
  const key = typeof given === 'string' ? given.trim() : '';
  if (SENDABLE.test(key)) return key;
  const reason = key === '' ? 'the key is empty or no text' : 'the key holds characters that no key has';
  throw new VendorError({ kind: 'auth', endpoint, reason, sent: false, httpStatus: 401 });
}
