import type { JobSnapshot, Operation } from '../jobs/types.js';

/** What this worker has learned of how long jobs take. In memory: a new worker learns anew, and what was told stands in histories. */
export interface ExpectedDurations {
  /**
   * @param pageCount null when unknown. @param ms from submit to completion. @param guessMs what was expected where nothing had been learned.
   * @returns by how much that differs from what was expected, ms; null when nothing was.
   */
  observe(
    provider: string,
    operation: Operation,
    pageCount: number | null,
    ms: number,
    guessMs?: number | null,
  ): number | null;
  /** ms, or null when nothing was learned for documents of that size. */
  expect(provider: string, operation: Operation, pageCount: number | null): number | null;
  /** How good the expectations of the last jobs were. */
  durationErrors(): DurationError[];
}

/** Of one operation of a provider. */
export interface DurationError {
  provider: string;
  operation: Operation;
  /** Jobs that it was measured on. */
  jobs: number;
  /** Median of the absolute error, ms, and as a share of what the job took. */
  medianMs: number;
  medianShare: number;
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

/**
 * How long a completed job took: by the vendor's own times, where it tells both, as far as they agree with what was seen; else until it was seen.
 * @returns null when nobody can tell.
 */
export function durationOf(
  seen: SeenCompletion,
  { createdAt, completedAt }: Pick<JobSnapshot, 'createdAt' | 'completedAt'>,
): number | null {
  const { elapsedMs, seenMs } = seen;
  const toldMs = Date.parse(completedAt ?? '') - Date.parse(createdAt ?? '');
  if (toldMs > 0) return Math.min(Math.max(toldMs, seenMs), elapsedMs);
  return tellsDuration(seen) ? elapsedMs : null;
}

const KEPT = 32;
/** Jobs of each operation whose errors are kept. */
const KEPT_ERRORS = 500;
/** How much less each observation weighs than the one after it: a vendor that got slower is believed after a handful of jobs. */
const DECAY = 0.85;

interface Errors {
  provider: string;
  operation: Operation;
  /** Oldest first. */
  off: { ms: number; share: number }[];
}

export function createExpectedDurations(): ExpectedDurations {
  const observed = new Map<string, number[]>();
  const errors = new Map<string, Errors>();
  const keyOf = (provider: string, operation: Operation, pageCount: number | null): string =>
    `${provider} ${operation} ${pageBucket(pageCount)}`;
  const expect = (provider: string, operation: Operation, pageCount: number | null): number | null =>
    decayedMedian(observed.get(keyOf(provider, operation, pageCount)) ?? []);
  return {
    observe(provider, operation, pageCount, ms, guessMs = null) {
      if (!Number.isFinite(ms) || ms <= 0) return null;
      const expectedMs = expect(provider, operation, pageCount) ?? guessMs;
      // A submit that knows no page count asks for all sizes together.
      const keys = new Set([keyOf(provider, operation, pageCount), keyOf(provider, operation, null)]);
      for (const key of keys) observed.set(key, [ms, ...(observed.get(key) ?? [])].slice(0, KEPT));
      if (expectedMs === null) return null;
      const errorMs = Math.abs(ms - expectedMs);
      const name = `${provider} ${operation}`;
      const off = errors.get(name)?.off ?? [];
      off.push({ ms: errorMs, share: errorMs / ms });
      if (off.length > KEPT_ERRORS) off.shift();
      errors.set(name, { provider, operation, off });
      return errorMs;
    },
    expect,
    durationErrors: () =>
      [...errors.values()].map(({ provider, operation, off }) => ({
        provider,
        operation,
        jobs: off.length,
        medianMs: median(off.map(({ ms }) => ms)),
        medianShare: median(off.map(({ share }) => share)),
      })),
  };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
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
