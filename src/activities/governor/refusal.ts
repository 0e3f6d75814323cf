import type { AccountRef } from '../../jobs/activities.js';
import { VendorError } from '../../providers/vendor-error.js';
import type { Budget } from './governor.js';

/** A vendor does not answer. */
export interface Down {
  /** Since when, ms since the epoch. */
  sinceMs: number;
}

/** What a call is told that got no turn. Its words stand in the status of the job that waits. */
export function refusal({ provider }: AccountRef, budget: Budget, waitMs: number, down: Down | null): VendorError {
  const common = { endpoint: provider, sent: false, retryAfterMs: waitMs };
  const next = `next try in ${Math.ceil(waitMs / 1_000)} s`;
  if (down === null) {
    const reason = `${LIMITED[budget]} wait for the account's quota, ${next}`;
    return new VendorError({ kind: 'rate_limited', reason, ...common });
  }
  const since = new Date(down.sinceMs).toISOString().slice(11, 19);
  const reason = `does not answer since ${since} UTC: waiting, ${next}`;
  return new VendorError({ kind: 'unreachable', reason, ...common });
}

const LIMITED: Record<Budget, string> = {
  submit: 'submits',
  read: 'reads',
  list: 'reads of the job list',
  fetch: 'transfers',
  other: 'calls',
};
