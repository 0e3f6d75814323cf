import type { Operation } from '../jobs/types.js';

/** What this worker has learned of how long jobs take. In memory: a new worker learns anew, and what was told stands in histories. */
export interface ExpectedDurations {
  /** @param pageCount null when unknown. @param ms from submit to completion as seen. */
  observe(provider: string, operation: Operation, pageCount: number | null, ms: number): void;
  /** ms, or null when nothing was learned for documents of that size. */
  expect(provider: string, operation: Operation, pageCount: number | null): number | null;
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
