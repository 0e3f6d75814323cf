import fc from 'fast-check';
import { describe, it } from 'vitest';
import {
  isAtRisk,
  MAX_WINDOW_MS,
  planWait,
  resubmitDelayMs,
  type WaitFacts,
  windowHeartbeatMs,
} from '../../src/jobs/wait-plan.js';
import { jitter } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const ms = fc.integer({ min: 0, max: 2 * DAY });
const fraction = fc.double({ min: 0, max: 2 * DAY, noNaN: true });
const windowMs = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: MAX_WINDOW_MS }));
const retentionMs = fc.oneof(fc.constantFrom(12 * HOUR, HOUR), fc.integer({ min: 2_000, max: 2 * DAY }));
const certain = { elapsedMs: ms, expectedMs: fc.option(ms), first: fc.boolean(), maxWindowMs: windowMs, jitter };
const facts = fc.record(
  { ...certain, remainingMs: fc.oneof(ms, fc.constant(Infinity)), retryAfterMs: fraction, retentionMs },
  { requiredKeys: ['elapsedMs', 'expectedMs', 'first', 'maxWindowMs', 'remainingMs', 'jitter'] },
) as fc.Arbitrary<WaitFacts>;

describe('planWait', () => {
  it('gives whole milliseconds that end at the deadline and not later', () => {
    // Clean-up time is a share of a time-out: what remains may have a fraction.
    fc.assert(
      fc.property(facts, fc.option(fraction), (given, odd) => {
        const remainingMs = odd ?? given.remainingMs;
        const { sleepMs, windowMs: window, last } = planWait({ ...given, remainingMs });
        expect(Number.isInteger(sleepMs) && sleepMs >= 0 && Number.isInteger(window) && window >= 0).toBe(true);
        expect(window).toBeLessThanOrEqual(given.maxWindowMs);
        expect(sleepMs + window).toBeLessThanOrEqual(Math.ceil(remainingMs));
        expect(last).toBe(sleepMs + window >= remainingMs);
      }),
      RUNS,
    );
  });

  it('is only cut short by a deadline', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const free = planWait({ ...given, remainingMs: Infinity });
        const bound = planWait(given);
        expect(bound.sleepMs).toBe(Math.min(free.sleepMs, given.remainingMs));
        expect(bound.windowMs).toBeLessThanOrEqual(free.windowMs);
        if (!bound.last) expect(bound).toEqual(free);
      }),
      RUNS,
    );
  });

  it('leaves the vendor in peace as long as it asks, but for an hour, the deadline and half of the retention', () => {
    fc.assert(
      fc.property(facts, fraction, (given, retryAfterMs) => {
        const { remainingMs, retentionMs: kept = Infinity } = given;
        const { sleepMs } = planWait({ ...given, retryAfterMs });
        expect(sleepMs).toBeGreaterThanOrEqual(Math.min(retryAfterMs, HOUR, remainingMs, kept / 2) - 0.5);
        expect(sleepMs).toBeGreaterThanOrEqual(planWait({ ...given, retryAfterMs: 0 }).sleepMs);
      }),
      RUNS,
    );
  });

  it('looks before a finished result is half as old as it may become', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { sleepMs } = planWait(given);
        expect(sleepMs).toBeLessThanOrEqual(Math.ceil((given.retentionMs ?? Infinity) / 2));
        expect(isAtRisk(sleepMs, given.retentionMs ?? null)).toBe(false);
      }),
      RUNS,
    );
  });

  it('looks at most 65 times at a job of up to a day, whatever was expected', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DAY }), fc.option(ms), windowMs, jitter, (takesMs, expectedMs, most, j) => {
        const common = { expectedMs, maxWindowMs: most, jitter: j, remainingMs: Infinity, retentionMs: 12 * HOUR };
        let elapsedMs = 0;
        let looks = 0;
        for (; elapsedMs < takesMs || looks === 0; looks++) {
          const step = planWait({ ...common, elapsedMs, first: looks === 0 });
          elapsedMs += step.sleepMs + step.windowMs;
        }
        expect(looks).toBeLessThanOrEqual(65);
      }),
      RUNS,
    );
  });

  it('moves on by most of a second at least, however short the vendor keeps a result', () => {
    const anyRetention = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 }), retentionMs);
    fc.assert(
      fc.property(facts, anyRetention, (given, kept) => {
        const step = planWait({ ...given, first: false, retentionMs: kept });
        if (!step.last) expect(step.sleepMs + step.windowMs).toBeGreaterThanOrEqual(950);
      }),
      RUNS,
    );
  });
});

describe('isAtRisk', () => {
  it('says so before the vendor forgets, not within the first half, and never again the contrary', () => {
    const kept = fc.integer({ min: 1, max: 2 * DAY });
    fc.assert(
      fc.property(fraction, fraction, kept, (unseenMs, later, retention) => {
        const atRisk = isAtRisk(unseenMs, retention);
        if (unseenMs >= retention) expect(atRisk).toBe(true);
        if (unseenMs <= retention / 2) expect(atRisk).toBe(false);
        if (atRisk) expect(isAtRisk(unseenMs + later, retention)).toBe(true);
        expect(isAtRisk(unseenMs, null)).toBe(false);
      }),
      RUNS,
    );
  });
});

describe('windowHeartbeatMs', () => {
  it('notices a dead worker within a third of a long window, and is billed at most twice a minute', () => {
    fc.assert(
      fc.property(fraction, fraction, (window, more) => {
        const heartbeat = windowHeartbeatMs(window);
        expect(heartbeat).toBeGreaterThanOrEqual(30_000);
        expect(heartbeat).toBeLessThanOrEqual(Math.max(30_000, Math.min(window / 3, 5 * MINUTE)));
        expect(windowHeartbeatMs(window + more)).toBeGreaterThanOrEqual(heartbeat);
      }),
      RUNS,
    );
  });
});

describe('resubmitDelayMs', () => {
  const attempt = fc.oneof(fc.nat(12), fc.nat());

  it('lies between a second and an hour, and past two minutes only where the vendor wants it', () => {
    fc.assert(
      fc.property(attempt, fraction, (nth, retryAfterMs) => {
        const delay = resubmitDelayMs(nth, retryAfterMs);
        expect(delay).toBeGreaterThanOrEqual(Math.max(1_000, Math.min(retryAfterMs, HOUR)));
        expect(delay).toBeLessThanOrEqual(Math.min(Math.max(retryAfterMs, 2 * MINUTE), HOUR));
      }),
      RUNS,
    );
  });

  it('never shrinks with the attempts nor with the wish', () => {
    fc.assert(
      fc.property(attempt, attempt, fraction, fraction, (nth, more, wish, longer) => {
        const delay = resubmitDelayMs(nth, wish);
        expect(resubmitDelayMs(nth + more, wish)).toBeGreaterThanOrEqual(delay);
        expect(resubmitDelayMs(nth, wish + longer)).toBeGreaterThanOrEqual(delay);
      }),
      RUNS,
    );
  });
});
