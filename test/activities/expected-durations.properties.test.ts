import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createExpectedDurations, decayedMedian } from '../../src/activities/expected-durations.js';
import { operation } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const ms = fc.integer({ min: 1, max: 10_000_000 });
const observations = fc.array(ms, { minLength: 1, maxLength: 32 });

describe('decayedMedian', () => {
  it('is one of the observations, and lies between the least and the most of the newer half', () => {
    fc.assert(
      fc.property(observations, (newestFirst) => {
        const median = decayedMedian(newestFirst) ?? NaN;
        expect(newestFirst).toContain(median);
        const newer = newestFirst.slice(0, Math.max(5, Math.ceil(newestFirst.length / 2)));
        expect(median).toBeGreaterThanOrEqual(Math.min(...newer));
        expect(median).toBeLessThanOrEqual(Math.max(...newer));
      }),
      RUNS,
    );
  });

  it('is as many times longer as all that was observed', () => {
    fc.assert(
      fc.property(observations, fc.integer({ min: 2, max: 9 }), (newestFirst, factor) => {
        const median = decayedMedian(newestFirst) ?? NaN;
        expect(decayedMedian(newestFirst.map((one) => one * factor))).toBe(median * factor);
      }),
      RUNS,
    );
  });
});

describe('expected durations', () => {
  it('follow a vendor within five jobs, whatever was learned before', () => {
    const pages = fc.option(fc.nat(300));
    fc.assert(
      fc.property(observations, ms, operation, pages, (before, now, what, pageCount) => {
        const durations = createExpectedDurations();
        for (const one of before) durations.observe('p', what, pageCount, one);
        for (let job = 0; job < 5; job++) durations.observe('p', what, pageCount, now);
        expect([durations.expect('p', what, pageCount), durations.expect('p', what, null)]).toEqual([now, now]);
      }),
      RUNS,
    );
  });

  it('learn nothing from nonsense, from another operation, or from documents of twice the size', () => {
    const nonsense = fc.constantFrom(0, -1, NaN, Infinity, -Infinity);
    fc.assert(
      fc.property(ms, nonsense, fc.integer({ min: 1, max: 500 }), (known, odd, pageCount) => {
        const durations = createExpectedDurations();
        durations.observe('p', 'parse', pageCount, known);
        durations.observe('p', 'parse', pageCount, odd);
        durations.observe('p', 'split', pageCount, known + 1);
        durations.observe('q', 'parse', pageCount, known + 1);
        durations.observe('p', 'parse', pageCount * 2, known + 1);
        expect(durations.expect('p', 'parse', pageCount)).toBe(known);
        expect(durations.expect('p', 'extract', pageCount)).toBeNull();
      }),
      RUNS,
    );
  });
});
