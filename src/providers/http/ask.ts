import type { CallContext } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { unlessAborted } from './unless-aborted.js';

/** What of the user's is asked, and for which call. */
export interface Question {
  /** The option that holds the function: `apiKey`. */
  option: string;
  /** What it gives: `key`. */
  gives: string;
  endpoint: string;
  /** How long it may take, ms. */
  patienceMs: number;
}

/**
 * Asks a function of the user's. What it throws is not repeated: it may come from a secret manager.
 * @throws VendorError `unreachable` when it fails or takes too long: next time it may not. The signal's reason when that is aborted.
 */
export async function ask<T>(
  answer: () => T | Promise<T>,
  { option, gives, endpoint, patienceMs }: Question,
  { signal }: CallContext,
): Promise<T> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)].filter((one) => one !== undefined));
  try {
    return await unlessAborted(answer(), ends);
  } catch (error) {
    signal?.throwIfAborted();
    const fault = ends.aborted
      ? `gave no ${gives} in time`
      : `threw ${error instanceof Error ? error.name : 'no Error'}`;
    throw new VendorError({ kind: 'unreachable', endpoint, reason: `the ${option} function ${fault}`, sent: false });
  }
}
