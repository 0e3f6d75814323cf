/** What the next step of a wait is decided from. All times in ms. */
export interface WaitFacts {
  /** Since the job was submitted. */
  elapsedMs: number;
  /** How long the job is expected to take in all, or null when nobody knows. */
  expectedMs: number | null;
  /** True before the first look. */
  first: boolean;
  /** Longest window wanted; 0 = single reads. */
  maxWindowMs: number;
  /** Until the nearer deadline; ≥ 0. */
  remainingMs: number;
  /** The vendor asked not to be read before this has passed. */
  retryAfterMs?: number;
  /** How long the vendor keeps a finished result. Not known: as long as any. */
  retentionMs?: number;
  /** The vendor says by webhook when the job has ended: nobody looks for so long. Absent: it does not, or it has said so already. */
  webhookMs?: number;
  /** It has just said so. */
  called?: boolean;
  /** 0 ≤ jitter < 1, replay-safe; spreads documents that were started together. */
  jitter: number;
}

/** Sleep durably, then keep a poll window open. `last` = the deadline is reached when the window ends. */
export interface WaitStep {
  sleepMs: number;
  windowMs: number;
  last: boolean;
}

/** A slot is held while a window is open, and its heartbeats are billed: no window lasts longer. */
export const MAX_WINDOW_MS = 6 * 60_000;
const MIN_WINDOW_MS = 60_000;
/** The first window of a job that should end in it closes at this share of the expected duration: its heartbeat notices a dead worker the sooner. */
const FIRST_CLOSE = 1.1;
/** The first window of a job of which nothing is known: long enough for most, short enough for its heartbeat to notice a dead worker soon. */
const UNFORESEEN_WINDOW_MS = 2 * 60_000;
/**
 * The first look comes at this share of the expected duration, so that a job a little faster than usual is not kept waiting, and late
 * enough that the longest window still reaches the end of an expected half hour.
 */
const FIRST_LOOK = 0.8;
/** By this share of the expected duration the vendor should have called. */
const CALL_DUE = 1.2;
/** Documents that were started together are spread over this share more. */
const SPREAD = 0.1;
/** Later looks come after this share of the time waited so far: the number of looks grows with the logarithm of the duration. */
const NEXT_LOOK = 0.25;
/** Later looks are never further apart. */
const MAX_SLEEP_MS = 60 * 60_000;
/** An estimate of a day may be wrong by a day. */
const MAX_FIRST_SLEEP_MS = 6 * 60 * 60_000;
/**
 * No sleep is longer than this share of the time for which the vendor keeps a finished result: one that is there just after a look still has
 * the rest of it when it is found, for a worker that is late or a store in trouble.
 */
const RETENTION_SHARE = 1 / 2;
/** Past that share nobody has looked when somebody should have: no worker was there. */
const RISK_SHARE = 2 / 3;
const MIN_SLEEP_MS = 1_000;

/**
 * The waiting policy, whole: how long to sleep durably (free) before the next poll window (holds a slot), and how long that
 * window may last. With a right estimate one sleep and one window do; with none the first window opens at once.
 */
export function planWait(facts: WaitFacts): WaitStep {
  const { called = false, webhookMs } = facts;
  const wanted = Math.max(called ? 0 : sleepWanted(facts), Math.min(facts.retryAfterMs ?? 0, MAX_SLEEP_MS));
  const longestMs = Math.max((facts.retentionMs ?? Infinity) * RETENTION_SHARE, MIN_SLEEP_MS);
  const sleepMs = Math.round(Math.min(wanted, longestMs, facts.remainingMs));
  const openAt = facts.elapsedMs + sleepMs;
  const left = facts.remainingMs - sleepMs;
  const unforeseen = facts.first && facts.expectedMs === null;
  const usualMs = unforeseen ? UNFORESEEN_WINDOW_MS : Math.max(MIN_WINDOW_MS, foreseenMs(facts, openAt));
  // Who was called finds the job done, or done in a moment; who was not looks once, in case the call got lost.
  const wantedMs = called ? MIN_WINDOW_MS : webhookMs === undefined ? usualMs : 0;
  const windowMs = Math.round(Math.min(facts.maxWindowMs, wantedMs, left));
  return { sleepMs, windowMs, last: left - windowMs <= 0 };
}

/** A window that has to do with the estimate closes soon after it; the others are as long as the job has taken so far. */
function foreseenMs({ first, expectedMs }: WaitFacts, openAt: number): number {
  const isDue = first && expectedMs !== null && openAt < expectedMs * FIRST_CLOSE;
  return isDue ? expectedMs * FIRST_CLOSE - openAt : openAt;
}

function sleepWanted({ elapsedMs, expectedMs, first, maxWindowMs, webhookMs, jitter }: WaitFacts): number {
  const spread = 1.02 + SPREAD * jitter;
  const laterMs = Math.min(Math.max(elapsedMs * NEXT_LOOK * spread, MIN_SLEEP_MS), MAX_SLEEP_MS);
  if (webhookMs !== undefined) {
    // Who waits for a call looks no more often than who does not, and not before the job should have called.
    const dueMs = first && expectedMs !== null ? expectedMs * CALL_DUE * spread - elapsedMs : 0;
    return Math.min(Math.max(webhookMs * spread, laterMs, dueMs), MAX_FIRST_SLEEP_MS);
  }
  if (first && expectedMs !== null)
    return Math.min(Math.max(0, expectedMs * FIRST_LOOK * spread - elapsedMs), MAX_FIRST_SLEEP_MS);
  if (first && maxWindowMs > 0) return 0;
  return laterMs;
}

/** A result that may have been there for so long without having been seen is in danger: whoever can read it should do so first. */
export function isAtRisk(unseenMs: number, retentionMs: number | null): boolean {
  return retentionMs !== null && unseenMs > retentionMs * RISK_SHARE;
}

/** The share of a result's retention after which a job that should have called is looked at all the same: a lost call costs time, no result. */
const WEBHOOK_SHARE = 1 / 16;
const MIN_WEBHOOK_MS = 5 * 60_000;

/** How long the vendor's webhook is waited for before somebody looks, ms. @param retentionMs null = for ever or not known. */
export function webhookPatienceMs(retentionMs: number | null): number {
  return Math.min(Math.max((retentionMs ?? Infinity) * WEBHOOK_SHARE, MIN_WEBHOOK_MS), MAX_SLEEP_MS);
}

/** Heartbeat time-out of a window: a dead worker is noticed within it, and each beat that reaches the server is billed. */
export function windowHeartbeatMs(windowMs: number): number {
  return Math.min(Math.max(windowMs / 3, 30_000), 5 * 60_000);
}

/** Durable wait before a submit that was certainly not accepted is sent again. Doubles from the vendor's or a 1 s wish up to 2 min. */
export function resubmitDelayMs(attempt: number, retryAfterMs: number): number {
  const wish = Math.min(Math.max(retryAfterMs, 1_000), MAX_SLEEP_MS);
  return Math.min(wish * 2 ** Math.min(attempt, 10), Math.max(120_000, wish));
}
