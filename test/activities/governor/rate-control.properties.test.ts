import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createRateControl, type RateControl } from '../../../src/activities/governor/rate-control.js';
import { expect, RUNS, SLOW_CASES } from '../../support/properties.js';

const quota = fc.oneof(fc.constantFrom(1, 10, 50, 200, 1_000), fc.double({ min: 0.5, max: 2_000, noNaN: true }));
/** Gaps between callers who want a turn at once. */
const gaps = fc.array(fc.oneof(fc.nat(3), fc.nat(40), fc.nat(3_000)), { minLength: 1, maxLength: 300 });

/** Takes turns as soon as they come, for whoever comes. @returns when each went out. */
function turnsOf(control: RateControl, callers: readonly number[]): number[] {
  let now = 0;
  return callers.map((gap) => {
    now += gap;
    const wait = control.delay(now);
    now += wait;
    control.take(now);
    return now;
  });
}

/** The most in any time of a second, both ends open. */
function mostInASecond(times: readonly number[]): number {
  let most = 0;
  let from = 0;
  for (let to = 0; to < times.length; to++) {
    while (times[to]! - times[from]! >= 1_000) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

describe('a budget', () => {
  it('is never exceeded in any second, whenever callers come; below a call a second it is one', () => {
    fc.assert(
      fc.property(quota, gaps, (limit, callers) => {
        const times = turnsOf(createRateControl(limit), callers);
        expect(mostInASecond(times)).toBeLessThanOrEqual(Math.ceil(Math.max(limit, 0.95 * limit + 1)) + 1);
      }),
      { ...RUNS, numRuns: SLOW_CASES },
    );
  });

  it('is used: whoever always wants more gets nine tenths of it', () => {
    fc.assert(
      fc.property(fc.double({ min: 5, max: 2_000, noNaN: true }), (limit) => {
        const times = turnsOf(createRateControl(limit), new Array<number>(Math.ceil(limit * 3)).fill(0));
        expect(times.length / (times.at(-1)! / 1_000)).toBeGreaterThanOrEqual(0.9 * limit);
      }),
      { ...RUNS, numRuns: SLOW_CASES },
    );
  });

  it('gives no turn before a Retry-After has passed that its own calls could have caused, whatever else is told to it', () => {
    const wish = fc.nat(100_000);
    fc.assert(
      fc.property(
        quota,
        wish,
        fc.array(fc.tuple(fc.nat(500), fc.boolean()), { maxLength: 20 }),
        (limit, ms, others) => {
          const control = createRateControl(limit);
          for (let call = 0; call < limit / 50 + 1; call++) control.take(5_000);
          control.refused(5_000, 5_000, ms);
          let now = 5_000;
          for (const [gap, isRefused] of others) {
            now += gap;
            if (isRefused) control.refused(now, now - 10);
            else control.served(now);
          }
          expect(now + control.delay(now)).toBeGreaterThanOrEqual(5_000 + ms);
        },
      ),
      { ...RUNS, numRuns: SLOW_CASES },
    );
  });

  it('ends no wait: however often it is refused, a turn comes', () => {
    fc.assert(
      fc.property(quota, fc.array(fc.nat(3_000), { maxLength: 50 }), (limit, gapsBetween) => {
        const control = createRateControl(limit);
        let now = 0;
        for (const gap of gapsBetween) {
          now += gap;
          control.refused(now, now);
        }
        expect(control.delay(now)).toBeLessThanOrEqual(1_000 / Math.min(0.45, 0.9 * limit) + 1_000);
      }),
      { ...RUNS, numRuns: SLOW_CASES },
    );
  });
});
