/** What the wait before the next read is decided from. All times in ms. */
export interface GapFacts {
  /** Since the job was submitted. */
  elapsedMs: number;
  /** Failed reads in a row, the last one included; 0 after a good one. */
  troubles: number;
  /** The vendor asked not to be read before this has passed. */
  retryAfterMs?: number;
  /** 0 ≤ jitter < 1; keeps documents that were started together from reading together. */
  jitter: number;
}

/** A finished job is noticed after at most this share of the time it took. */
const SHARE = 0.05;
const MIN_GAP_MS = 1_000;
const MAX_GAP_MS = 15_000;
/** Failed reads back off to this, so that an hour's storm costs a document tens of reads, not thousands. */
const MAX_TROUBLE_GAP_MS = 60_000;

const JITTER = 0.2;
const LEAST_FACTOR = 1 - JITTER / 2;
/** No two reads of a job are closer together. */
export const LEAST_GAP_MS = MIN_GAP_MS * LEAST_FACTOR;

/** How long to wait before the next status read inside a poll window. */
export function pollGap({ elapsedMs, troubles, retryAfterMs = 0, jitter }: GapFacts): number {
  const calm = Math.min(Math.max(elapsedMs * SHARE, MIN_GAP_MS), MAX_GAP_MS);
  const backedOff = troubles === 0 ? 0 : Math.min(MIN_GAP_MS * 2 ** Math.min(troubles, 10), MAX_TROUBLE_GAP_MS);
  const gap = Math.max(calm, backedOff) * (LEAST_FACTOR + JITTER * jitter);
  return Math.round(Math.max(gap, retryAfterMs));
}
