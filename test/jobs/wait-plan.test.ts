import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  isAtRisk,
  MAX_WINDOW_MS,
  planWait,
  resubmitDelayMs,
  type WaitFacts,
  windowHeartbeatMs,
} from '../../src/jobs/wait-plan.js';

const MINUTE = 60_000;
const facts = (over: Partial<WaitFacts> = {}): WaitFacts => ({
  elapsedMs: 0,
  expectedMs: 30 * MINUTE,
  first: true,
  maxWindowMs: MAX_WINDOW_MS,
  remainingMs: Infinity,
  jitter: 0,
  ...over,
});

describe('planWait', () => {
  it.each([
    [
      'sleeps to a little over 80 % of the estimate',
      facts(),
      { sleepMs: 24.48 * MINUTE, windowMs: 6 * MINUTE, last: false },
    ],
    [
      'counts what has passed already',
      facts({ elapsedMs: 20 * MINUTE }),
      { sleepMs: 4.48 * MINUTE, windowMs: 6 * MINUTE, last: false },
    ],
    [
      'gives a short job a window of a minute',
      facts({ expectedMs: 45_000 }),
      { sleepMs: 36_720, windowMs: MINUTE, last: false },
    ],
    [
      'closes the first window a little after the job should have ended',
      facts({ expectedMs: 10 * MINUTE }),
      { sleepMs: 8.16 * MINUTE, windowMs: 2.84 * MINUTE, last: false },
    ],
    [
      'makes it as long as the job has taken so far when that is long past its estimate',
      facts({ expectedMs: MINUTE, elapsedMs: 3 * MINUTE }),
      { sleepMs: 0, windowMs: 3 * MINUTE, last: false },
    ],
    [
      'opens at once without an estimate',
      facts({ expectedMs: null }),
      { sleepMs: 0, windowMs: 2 * MINUTE, last: false },
    ],
    [
      'later sleeps about a quarter of the elapsed time',
      facts({ first: false, elapsedMs: 20 * MINUTE }),
      { sleepMs: 5.1 * MINUTE, windowMs: 6 * MINUTE, last: false },
    ],
    [
      'sleeps until the vendor should have called',
      facts({ webhookMs: 5 * MINUTE }),
      { sleepMs: 36.72 * MINUTE, windowMs: 0, last: false },
    ],
    [
      'looks after a call that nobody can foresee when a result would be in danger',
      facts({ webhookMs: 5 * MINUTE, expectedMs: null }),
      { sleepMs: 5.1 * MINUTE, windowMs: 0, last: false },
    ],
    [
      'looks at a job that has not called for hours no more often than at one that never would',
      facts({ first: false, elapsedMs: 160 * MINUTE, webhookMs: 5 * MINUTE }),
      { sleepMs: 40.8 * MINUTE, windowMs: 0, last: false },
    ],
    [
      'obeys the vendor’s wish',
      facts({ first: false, elapsedMs: 4_000, retryAfterMs: 9_000 }),
      { sleepMs: 9_000, windowMs: MINUTE, last: false },
    ],
    [
      'ends the window at the deadline',
      facts({ expectedMs: 10_000, remainingMs: 20_000 }),
      { sleepMs: 8_160, windowMs: 11_840, last: true },
    ],
    ['looks a last time at the deadline', facts({ remainingMs: MINUTE }), { sleepMs: MINUTE, windowMs: 0, last: true }],
    [
      'never sleeps for more than half of what the vendor keeps a result for',
      facts({ expectedMs: 90 * MINUTE, retentionMs: 60 * MINUTE }),
      { sleepMs: 30 * MINUTE, windowMs: 6 * MINUTE, last: false },
    ],
    [
      'not even when the vendor wishes so',
      facts({ first: false, elapsedMs: 600 * MINUTE, retryAfterMs: 90 * MINUTE, retentionMs: 20 * MINUTE }),
      { sleepMs: 10 * MINUTE, windowMs: 6 * MINUTE, last: false },
    ],
    ['single reads', facts({ maxWindowMs: 0, expectedMs: null }), { sleepMs: 1_000, windowMs: 0, last: false }],
  ] as const)('%s', (_name, given, expected) => {
    expect(planWait(given)).toEqual(expected);
  });

  it('never passes the deadline, never exceeds the longest window, always moves on', () => {
    const ms = fc.integer({ min: 0, max: 48 * 60 * MINUTE });
    fc.assert(
      fc.property(
        ms,
        fc.option(ms),
        fc.boolean(),
        fc.integer({ min: 0, max: MAX_WINDOW_MS }),
        ms,
        fc.option(fc.integer({ min: 0, max: 10 * MINUTE }), { nil: undefined }),
        fc.option(fc.integer({ min: 2_000, max: 24 * 60 * MINUTE }), { nil: undefined }),
        fc.float({ min: 0, max: Math.fround(0.999), noNaN: true }),
        (elapsedMs, expectedMs, first, maxWindowMs, remainingMs, retryAfterMs, retentionMs, jitter) => {
          const step = planWait({
            elapsedMs,
            expectedMs,
            first,
            maxWindowMs,
            remainingMs,
            jitter,
            ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
            ...(retentionMs === undefined ? {} : { retentionMs }),
          });
          expect(step.sleepMs).toBeLessThanOrEqual((retentionMs ?? Infinity) / 2 + 1);
          expect(isAtRisk(step.sleepMs, retentionMs ?? null)).toBe(false);
          expect(step.sleepMs).toBeGreaterThanOrEqual(0);
          expect(step.windowMs).toBeGreaterThanOrEqual(0);
          expect(step.windowMs).toBeLessThanOrEqual(maxWindowMs);
          expect(step.sleepMs + step.windowMs).toBeLessThanOrEqual(remainingMs);
          if (!first && !step.last) expect(step.sleepMs + step.windowMs).toBeGreaterThanOrEqual(950);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ['right', 30 * MINUTE, 1],
    ['five times too short', 6 * MINUTE, 4],
    ['none', null, 5],
  ])('needs few looks for a job of 30 minutes with an estimate that is %s', (_name, expectedMs, most) => {
    for (const jitter of [0, 0.5, 0.999]) {
      let elapsedMs = 0;
      let looks = 0;
      while (elapsedMs < 30 * MINUTE) {
        const step = planWait(facts({ elapsedMs, expectedMs, first: looks === 0, jitter }));
        elapsedMs += step.sleepMs + step.windowMs;
        looks++;
      }
      expect(looks).toBeLessThanOrEqual(most);
    }
  });
});

describe('isAtRisk', () => {
  it.each([
    [30 * MINUTE, 60 * MINUTE, false],
    [41 * MINUTE, 60 * MINUTE, true],
    [1_000 * MINUTE, null, false],
  ])('unseen for %d ms of %j ms: %s', (unseenMs, retentionMs, atRisk) => {
    expect(isAtRisk(unseenMs, retentionMs)).toBe(atRisk);
  });
});

describe('windowHeartbeatMs', () => {
  it.each([
    [0, 30_000],
    [MAX_WINDOW_MS, 120_000],
    [60 * MINUTE, 300_000],
  ])('%d → %d', (window, heartbeat) => {
    expect(windowHeartbeatMs(window)).toBe(heartbeat);
  });
});

describe('resubmitDelayMs', () => {
  it.each([
    [0, 0, 1_000],
    [0, 5_000, 5_000],
    [3, 1_000, 8_000],
    [20, 1_000, 120_000],
    [5, 600_000, 600_000],
  ])('attempt %d, wish %d ms → %d ms', (attempt, wish, delay) => expect(resubmitDelayMs(attempt, wish)).toBe(delay));
});
