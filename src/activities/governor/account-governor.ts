import type { Quota } from '../../providers/quota.js';
import { createBreaker } from './breaker.js';
import { type Admission, type Budget, BUDGETS, type Governor } from './governor.js';
import { createRateControl, type RateControl } from './rate-control.js';
import { createTurns, type Pace } from './turns.js';

/**
 * What a call came to. `answered`: by the vendor, be it with a refusal; `limited`: 429; `failed`: unreachable, or a server's error; `unsure`:
 * broken off, or nothing that tells of the vendor.
 */
export type CallOutcome = 'answered' | 'limited' | 'failed' | 'unsure';

/** Tells what a call came to. */
export type EndCall = (outcome: CallOutcome, retryAfterMs?: number) => Promise<void>;

export interface AccountGovernor extends Governor {
  /** A turn without a wait: what it takes beyond its budget is missing from the next ones. */
  admitAtOnce(budget: Budget): Promise<void>;
  /** A call begins. @param caller whose it is: a vendor is gone only when it is so for several. */
  begin(budget: Budget, caller: string): Promise<EndCall>;
  /** What the account may do, where that has changed. */
  setQuota(quota: Quota): void;
  /** When the first of the calls failed that make the present outage, on the pace's scale; null when there is none. */
  downSince(): number | null;
}

export interface AccountGovernorOptions {
  quota: Quota;
  pace: Pace;
  /** How many workers share the quota, this one included. Default 1. */
  fleetSize?: () => number;
  /** Asks whether the vendor is there, at no cost, for those whose own call could be paid for and lost. */
  probe?: () => Promise<CallOutcome>;
  /** An outage has begun, or is over. @param since on the pace's scale. */
  onOutage?: (isDown: boolean, since: number) => void;
}

/** Admits the calls of one account on this worker, within its share of the quota, and holds them back while the vendor is gone. */
export function createAccountGovernor(options: AccountGovernorOptions): AccountGovernor {
  const { pace, fleetSize = () => 1, probe, onOutage = () => undefined } = options;
  let { quota } = options;
  let setTo = '';
  const breaker = createBreaker(pace.random);
  const all = createRateControl(Infinity);
  const own = Object.fromEntries(BUDGETS.map((budget) => [budget, createRateControl(Infinity)])) as Record<
    Budget,
    RateControl
  >;
  const turns = createTurns({ pace, all, own, mayGo, go, outageMs });

  /** Quota, fleet and ramp change now and then; a bucket is told only then. */
  function refresh(now: number): void {
    const size = Math.max(1, fleetSize());
    // A ramp is followed in steps of a tenth of a second: each is a small change.
    const ramp = Math.round(breaker.ramp(now));
    const { requestsPerSecond, readsPerSecond, submitsPerSecond, listsPerSecond } = quota;
    const key = [size, ramp, requestsPerSecond, readsPerSecond, submitsPerSecond, listsPerSecond].join();
    if (key === setTo) return;
    setTo = key;
    const share = (limit: number | null | undefined): number => (limit ?? Infinity) / size;
    all.setQuota(Math.min(share(requestsPerSecond), ramp), now);
    own.read.setQuota(share(readsPerSecond), now);
    own.submit.setQuota(share(submitsPerSecond), now);
    own.list.setQuota(share(listsPerSecond), now);
  }

  /** Whether the vendor may be called at all. A submit never tries it: its job could be paid for and lost. */
  function mayGo(budget: Budget, urgent: boolean, now: number): boolean {
    refresh(now);
    const passage = breaker.passage(now, urgent);
    if (passage !== 'probe') return passage === 'pass';
    if (budget !== 'submit' || probe === undefined) return true;
    void probeBeside(probe, now).catch(() => undefined);
    return false;
  }

  function outageMs(budget: Budget, urgent: boolean, now: number): number {
    const passage = breaker.passage(now, urgent);
    if (typeof passage === 'number') return passage;
    return mayGo(budget, urgent, now) ? 0 : FIRST_LOOK_MS;
  }

  function go(budget: Budget, now: number): void {
    if (breaker.downSince() !== null) breaker.probing(now);
    all.take(now);
    own[budget].take(now);
  }

  async function probeBeside(ask: () => Promise<CallOutcome>, now: number): Promise<void> {
    go('other', now);
    const end = await begin('other', '');
    await end(await ask());
  }

  async function begin(budget: Budget, caller: string): Promise<EndCall> {
    const tookAt = await pace.now();
    return async (outcome, retryAfterMs) => {
      const now = await pace.now();
      // Results lie with a storage: whether that answers says nothing of the vendor.
      const tells = budget !== 'fetch';
      const since = breaker.downSince();
      if (outcome === 'answered') own[budget].served(now);
      if (outcome === 'limited') own[budget].refused(now, tookAt, retryAfterMs);
      if (outcome === 'unsure') breaker.gaveUp(tookAt);
      else if (!tells) return;
      else if (outcome !== 'failed') {
        if (breaker.answered(now)) onOutage(false, since ?? now);
      } else if (breaker.failed(now, tookAt, caller)) {
        onOutage(true, breaker.downSince() ?? now);
        turns.outage(now);
      }
      if (since !== null || outcome === 'limited') turns.wake();
    };
  }

  return {
    async admit(budget, admission: Admission) {
      admission.signal.throwIfAborted();
      const now = await pace.now();
      refresh(now);
      return turns.take(budget, admission, now);
    },
    async admitAtOnce(budget) {
      const now = await pace.now();
      refresh(now);
      all.take(now);
      own[budget].take(now);
    },
    begin,
    rate: (budget) => Math.min(all.rate(0), own[budget].rate(0)),
    setQuota: (given) => void (quota = given),
    downSince: () => breaker.downSince(),
  };
}

/** A submit looks again after so long when the vendor is being asked. */
const FIRST_LOOK_MS = 1_000;
