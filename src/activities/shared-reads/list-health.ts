import type { VendorError } from '../../providers/vendor-error.js';
import { pollGap } from '../poll-gap.js';

/** What became of the list calls of an account. Times in ms on one scale. */
export interface ListHealth {
  /** No call before this. */
  restUntil: number;
  /** Failed calls in a row. */
  troubles: number;
}

export const HEALTHY: ListHealth = { restUntil: 0, troubles: 0 };
/** A key that may read jobs but not list them is not asked to again before this has passed. */
export const REFUSED_MS = 10 * 60_000;
/** One failed call may be followed by a good one: waits go on counting on sweeps. */
export const MOST_TROUBLES = 1;

/**
 * A list that is refused is left alone for long, one that is in trouble as long as a job's reads would be.
 * @param served whether it has served a page of the same sweep: then it is not refused.
 */
export function afterTrouble(
  { troubles }: ListHealth,
  { kind, facts }: VendorError,
  served: boolean,
  now: number,
): ListHealth {
  const isKeyRefused = kind === 'auth' && facts.httpStatus === 401;
  if (!served && (kind === 'rejected' || (kind === 'auth' && !isKeyRefused))) {
    return { restUntil: now + Math.max(REFUSED_MS, facts.retryAfterMs ?? 0), troubles: MOST_TROUBLES + 1 };
  }
  const next = troubles + 1;
  const restMs = pollGap({ elapsedMs: 0, troubles: next, jitter: 0.5, retryAfterMs: facts.retryAfterMs ?? 0 });
  return { restUntil: now + restMs, troubles: next };
}
