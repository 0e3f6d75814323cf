/**
 * A vendor is thought to be gone when so many calls in a row have failed over so long a time, and nothing was answered in between. They must be
 * those of several activities: one that fails alone has a pace of its own.
 */
const FAILURES = 8;
const OVER_MS = 2_000;
const CALLERS = 3;
/** An urgent call, a cancel above all, may try so soon after the last try. */
const URGENT_PAUSE_MS = 1_000;
/** Between two calls that try whether it is back. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
const GROWTH = 2;
const JITTER = 0.2;
/** A try that never came to anything (its caller was broken off) is made again. */
const PROBE_LIMIT_MS = 60_000;
/** One that fails again so soon after it came back goes on with the pauses that it had. */
const RELAPSE_MS = 60_000;
/** What comes back is met with so many calls a second, and twice as many each second. */
const RAMP_FROM = 10;
const RAMP_SECONDS = 10;

/** Whether calls may go out: `pass`, `probe` (this one, as a try), or how long until somebody may try, ms. */
export type Passage = 'pass' | 'probe' | number;

/** Times in ms on one scale that never goes back. */
export interface Breaker {
  passage(now: number, urgent?: boolean): Passage;
  /** The call that a `probe` was granted for is on its way. */
  probing(now: number): void;
  /** The vendor has answered. @returns whether that ended an outage. */
  answered(now: number): boolean;
  /** A call that went out at `tookAt` has failed. @param caller whose it was. @returns whether an outage has begun. */
  failed(now: number, tookAt: number, caller: string): boolean;
  /** A probe came to nothing that tells. */
  gaveUp(tookAt: number): void;
  /** When the first of the calls failed that made the outage; null when there is none. */
  downSince(): number | null;
  /** Calls a second while the vendor comes back; Infinity otherwise. */
  ramp(now: number): number;
}

/** @param random 0 ≤ random() < 1: workers that lost a vendor together must not try it together. */
export function createBreaker(random: () => number = Math.random): Breaker {
  const callers = new Set<string>();
  let failures = 0;
  let failingSince = 0;
  let openSince: number | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  let nextProbeAt = 0;
  let probedAt: number | null = null;
  let triedAt = -Infinity;
  let closedAt = -Infinity;

  const rest = (now: number): void => {
    nextProbeAt = now + pauseMs * (1 - JITTER / 2 + JITTER * random());
    pauseMs = Math.min(pauseMs * GROWTH, MAX_PAUSE_MS);
  };
  const isProbed = (now: number): boolean => probedAt !== null && now - probedAt < PROBE_LIMIT_MS;
  const isOfProbe = (tookAt: number): boolean => probedAt !== null && tookAt >= probedAt;

  return {
    passage(now, urgent = false) {
      if (openSince === null) return 'pass';
      // Whoever waits for another's try looks again when that should be over.
      if (isProbed(now)) return FIRST_PAUSE_MS;
      const at = urgent ? Math.min(nextProbeAt, triedAt + URGENT_PAUSE_MS) : nextProbeAt;
      return now >= at ? 'probe' : at - now;
    },
    probing: (now) => void (probedAt = triedAt = now),
    answered(now) {
      failures = 0;
      callers.clear();
      probedAt = null;
      if (openSince === null) return false;
      openSince = null;
      closedAt = now;
      return true;
    },
    failed(now, tookAt, caller) {
      if (openSince !== null) {
        // What was on its way when the outage began tells nothing new.
        if (!isOfProbe(tookAt)) return false;
        probedAt = null;
        rest(now);
        return false;
      }
      if (failures === 0) failingSince = now;
      failures += 1;
      if (callers.size < CALLERS) callers.add(caller);
      if (failures < FAILURES || callers.size < CALLERS || now - failingSince < OVER_MS) return false;
      if (now - closedAt > RELAPSE_MS) pauseMs = FIRST_PAUSE_MS;
      openSince = failingSince;
      rest(now);
      return true;
    },
    gaveUp(tookAt) {
      if (isOfProbe(tookAt)) probedAt = null;
    },
    downSince: () => openSince,
    ramp(now) {
      const seconds = (now - closedAt) / 1_000;
      return seconds < RAMP_SECONDS ? RAMP_FROM * 2 ** Math.max(0, seconds) : Infinity;
    },
  };
}
