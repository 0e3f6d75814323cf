import fc from 'fast-check';
import { describe, it } from 'vitest';
import { pollGap } from '../../src/activities/poll-gap.js';
import { MAX_WINDOW_MS, planWait } from '../../src/jobs/wait-plan.js';
import { jitter } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const HOUR = 3_600_000;
const elapsedMs = fc.nat(48 * HOUR);
const troubles = fc.oneof(fc.nat(3), fc.nat(2_000));
const retryAfterMs = fc.double({ min: 0, max: 24 * HOUR, noNaN: true });

describe('pollGap', () => {
  it('notices the end of a job after a twentieth of the time it took, and never asks faster than once a second', () => {
    fc.assert(
      fc.property(elapsedMs, jitter, (elapsed, share) => {
        const gap = pollGap({ elapsedMs: elapsed, troubles: 0, jitter: share });
        expect(gap).toBeGreaterThanOrEqual(900);
        expect(gap).toBeLessThanOrEqual(Math.min(Math.max(elapsed / 20, 1_000), 15_000) * 1.1 + 0.5);
      }),
      RUNS,
    );
  });

  it('never asks before the vendor wants to be asked, nor later than that or a minute', () => {
    fc.assert(
      fc.property(elapsedMs, troubles, retryAfterMs, jitter, (elapsed, failed, wish, share) => {
        const gap = pollGap({ elapsedMs: elapsed, troubles: failed, retryAfterMs: wish, jitter: share });
        expect(gap).toBeGreaterThanOrEqual(Math.floor(wish));
        expect(gap).toBeLessThanOrEqual(Math.max(Math.ceil(wish), 66_000));
      }),
      RUNS,
    );
  });

  it('grows with the time, the failures and the wish', () => {
    const facts = fc.record({ elapsedMs, troubles, retryAfterMs, jitter });
    fc.assert(
      fc.property(facts, facts, (one, more) => {
        const gap = pollGap(one);
        const larger = {
          elapsedMs: one.elapsedMs + more.elapsedMs,
          troubles: one.troubles + more.troubles,
          retryAfterMs: one.retryAfterMs + more.retryAfterMs,
        };
        expect(pollGap({ ...one, ...larger })).toBeGreaterThanOrEqual(gap);
      }),
      RUNS,
    );
  });

  it('asks less than a hundred times in an hour in which every read fails, whatever windows it falls into', () => {
    const windows = fc.integer({ min: 0, max: MAX_WINDOW_MS });
    fc.assert(
      fc.property(elapsedMs, fc.option(elapsedMs), windows, jitter, (from, expectedMs, maxWindowMs, share) => {
        let at = from;
        let reads = 0;
        for (let first = from === 0; at < from + HOUR; first = false) {
          const facts = { elapsedMs: at, expectedMs, first, maxWindowMs, remainingMs: Infinity, jitter: share };
          const step = planWait(facts);
          const end = at + step.sleepMs + step.windowMs;
          at += step.sleepMs;
          for (let failed = 1; ; failed++) {
            reads++;
            if (at >= end) break;
            at = Math.min(at + pollGap({ elapsedMs: at, troubles: failed, jitter: share }), end);
          }
        }
        expect(reads).toBeLessThan(100);
      }),
      RUNS,
    );
  });
});
