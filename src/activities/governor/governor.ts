import type { AccountRef } from '../../jobs/activities.js';
import type { Provider } from '../../providers/provider.js';

/** What a call to a vendor is counted under. `fetch`: uploads, results and files behind URLs; `other` (cancel, delete, probe) is counted with the rest only. */
export type Budget = 'submit' | 'read' | 'list' | 'fetch' | 'other';

export interface Admission {
  /** Ends the wait. */
  signal: AbortSignal;
  /** Goes before others: a result that would expire, a cancel. Default false. */
  urgent?: boolean;
  /** Longest wait, ms. Default: until the signal. */
  patienceMs?: number;
  /** Whether to wait for a vendor that does not answer at all, too. Default `wait`. */
  atOutage?: 'wait' | 'leave';
}

export const BUDGETS: readonly Budget[] = ['submit', 'read', 'list', 'fetch', 'other'];

/** One account's traffic on this worker: how much, and whether the vendor is there at all. */
export interface Governor {
  /**
   * Waits for a turn. The provider that `findAccount` gives takes the turns of its calls itself: whoever has had one here says so by the call's
   * `admitted`.
   * @returns null when it has come, or how long to wait instead, ms, when it won't come within the patience. @throws the signal's reason.
   */
  admit(budget: Budget, admission: Admission): Promise<number | null>;
  /** Calls a second that this worker may make under a budget now; Infinity where nothing limits it. */
  rate(budget: Budget): number;
}

export interface Governors {
  of(account: AccountRef, provider: Provider): Governor;
}
