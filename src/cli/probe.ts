import type { Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { keyVariable, urlVariable } from './accounts.js';
import { messageOf, unreachableError } from './cli-error.js';

const PROBE_LIMIT_MS = 10_000;

/**
 * Asks the vendor one cheap question before anything is started or paid.
 * @throws exit 4 when the key is refused or the vendor can't be reached within 10 s.
 */
export async function probeVendor(provider: Provider, limitMs = PROBE_LIMIT_MS): Promise<void> {
  const signal = AbortSignal.timeout(limitMs);
  try {
    await Promise.race([provider.probe({ signal }), rejectOn(signal)]);
  } catch (error) {
    throw unreachableError(vendorProblem(provider.name, error, signal.aborted, limitMs));
  }
}

/** What keeps a vendor from answering, and what to check. */
export function vendorProblem(name: string, error: unknown, timedOut: boolean, limitMs: number): string {
  if (error instanceof VendorError && error.kind === 'auth') {
    return `${name} refuses the key (HTTP ${error.facts.httpStatus ?? 401}): check ${keyVariable(name)}`;
  }
  const reason = timedOut ? `no answer within ${limitMs / 1000} s` : messageOf(error);
  return `${name} can't be reached (${reason}): check the network and ${urlVariable(name)}`;
}

/** A provider that does not heed the signal must not hold the command. */
function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
