import type { CallContext } from '../provider.js';
import { VendorError } from '../vendor-error.js';

/** A key, or a function that gives it for each call (rotation, secret managers). */
export type ApiKey = string | (() => string | Promise<string>);

/** What a header may carry; a key copied with a line break or a typographic quote would fail there with an error of no use. */
const SENDABLE = /^[\x21-\x7e]+$/;

/**
 * The key for one call, trimmed. What the user's function throws is not repeated: it may come from a secret manager.
 * @param patienceMs how long the function may take.
 * @throws VendorError `auth` for what can't be a key, `unreachable` when the function fails or takes too long: next time it may not.
 * The context's signal's reason when that is aborted.
 */
export async function readKey(
  apiKey: ApiKey,
  endpoint: string,
  { signal }: CallContext,
  patienceMs = 10_000,
): Promise<string> {
  const given: unknown = typeof apiKey === 'string' ? apiKey : await ask(apiKey, endpoint, signal, patienceMs);
  const key = typeof given === 'string' ? given.trim() : '';
  if (SENDABLE.test(key)) return key;
  const reason = key === '' ? 'the key is empty or no text' : 'the key holds characters that no key has';
  throw new VendorError({ kind: 'auth', endpoint, reason, sent: false, httpStatus: 401 });
}

async function ask(
  apiKey: () => string | Promise<string>,
  endpoint: string,
  signal: AbortSignal | undefined,
  patienceMs: number,
): Promise<unknown> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)].filter((one) => one !== undefined));
  try {
    return await Promise.race([apiKey(), rejectOn(ends)]);
  } catch (error) {
    signal?.throwIfAborted();
    const fault = ends.aborted ? 'gave no key in time' : `threw ${error instanceof Error ? error.name : 'no Error'}`;
    throw new VendorError({ kind: 'unreachable', endpoint, reason: `the apiKey function ${fault}`, sent: false });
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}
