import { ApplicationFailure } from '@temporalio/common';
import type { ForgottenPlace } from '../../jobs/forget.js';
import type { Provider } from '../../providers/provider.js';
import { VendorError } from '../../providers/vendor-error.js';
import { ResultStoreError } from '../../results/result-store.js';
import { reasonOf } from '../failures.js';

/** What became of a place: its row but for what names it. */
export type Finding = Pick<ForgottenPlace, 'state' | 'at' | 'how' | 'httpStatus'>;

/** What an error means for a place: refused for good, or to be tried again. */
export type Trouble = { again: false; finding: Finding } | { again: true; reason: string; retryAfterMs?: number };

/** Kinds of a vendor's errors that may pass. An answer that can't be understood, to a delete, is one: a proxy may have given it. */
const MAY_PASS: ReadonlySet<VendorError['kind']> = new Set(['unreachable', 'rate_limited', 'server', 'invalid_reply']);

/** Errors of nobody we know are tried again: it is the patience that ends it. */
export function troubleOf(error: unknown): Trouble {
  const reason = reasonOf(error);
  if (error instanceof VendorError) {
    const { retryAfterMs, httpStatus } = error.facts;
    if (MAY_PASS.has(error.kind))
      return { again: true, reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    return {
      again: false,
      finding: { state: 'refused', how: reason, ...(httpStatus === undefined ? {} : { httpStatus }) },
    };
  }
  const isFinal =
    (error instanceof ResultStoreError && !error.retryable) ||
    (error instanceof ApplicationFailure && error.nonRetryable === true);
  return isFinal ? { again: false, finding: { state: 'refused', how: reason } } : { again: true, reason };
}

/**
 * What becomes of what a vendor keeps of a job and its API can't delete.
 * @param endedAt ms since the epoch; null when nobody knows.
 */
export function leftoverOf(leftovers: Provider['leftovers'], endedAt: number | null, now: number): Finding {
  const how = leftovers?.how ?? "the vendor's API deletes no jobs: ask the vendor";
  const afterMs = leftovers?.afterMs ?? null;
  if (afterMs === null || endedAt === null || !Number.isFinite(afterMs)) return { state: 'cannot', how };
  // Its time is over and it is still there: whatever was said of the retention is not so.
  if (endedAt + afterMs <= now) return { state: 'cannot', how };
  return { state: 'expires', at: new Date(endedAt + afterMs).toISOString(), how };
}
