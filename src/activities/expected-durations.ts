import type { Operation } from '../jobs/types.js';

/** What this worker has learned of how long jobs take. In memory: a new worker learns anew, and what was told stands in histories. */
export interface ExpectedDurations {
  /** @param pageCount null when unknown. @param ms from submit to completion as seen. */
  observe(provider: string, operation: Operation, pageCount: number | null, ms: number): void;
  /** ms, or null when nothing was learned for documents of that size. */
  expect(provider: string, operation: Operation, pageCount: number | null): number | null;
}

/** A completion that was just read. All ms since the submit. */
export interface SeenCompletion {
  elapsedMs: number;
  /** When the job was last seen running; 0 = never. */
  seenMs: number;
  /** Null when nobody knows. */
  expectedMs: number | null;
}

/** A completion was there at any time since the job was last seen running: no later than this share of its age after that, or … */
const CLOSE = 1 / 3;
/** … so many ms. */
const CLOSE_MS = 2_000;

/**
 * Whether the time until a completion was read says how long the job took. After an outage, of the vendor, of Temporal or of the workers, it says
 * how long that lasted: learned, it would make all jobs wait for so long. A time below what is expected always tells something.
 */
export function tellsDuration({ elapsedMs, seenMs, expectedMs }: SeenCompletion): boolean {
  const isClose = elapsedMs - seenMs <= Math.max(elapsedMs * CLOSE, CLOSE_MS);
  return isClose || (expectedMs !== null && elapsedMs <= expectedMs);
}

const KEPT = 32;
/** How much less each observation weighs than the one after it: a vendor that got slower is believed after a handful of jobs. */
const DECAY = 0.85;

export function createExpectedDurations(): ExpectedDurations {
  const observed = new Map<string, number[]>();
  const keyOf = (provider: string, operation: Operation, pageCount: number | null): string =>
    `${provider} ${operation} ${pageBucket(pageCount)}`;
  return {
    observe(provider, operation, pageCount, ms) {
      if (!Number.isFinite(ms) || ms <= 0) return;
      // A submit that knows no page count asks for all sizes together.
      const keys = new Set([keyOf(provider, operation, pageCount), keyOf(provider, operation, null)]);
      for (const key of keys) observed.set(key, [ms, ...(observed.get(key) ?? [])].slice(0, KEPT));
    },
    expect(provider, operation, pageCount) {
      return decayedMedian(observed.get(keyOf(provider, operation, pageCount)) ?? []);
    },
  };
}

/** 1, 2–3, 4–7, 8–15, … pages. */
function pageBucket(pageCount: number | null): string {
  return pageCount === null || pageCount < 1 ? 'any' : String(Math.floor(Math.log2(pageCount)));
}

/** Weighted median, newest first; null of nothing. */
export function decayedMedian(newestFirst: readonly number[]): number | null {
  const weighted = newestFirst.map((value, age) => ({ value, weight: DECAY ** age })).sort((a, b) => a.value - b.value);
  const half = weighted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let passed = 0;
  for (const { value, weight } of weighted) {
    passed += weight;
    if (passed >= half) return value;
  }
  return null;
}
