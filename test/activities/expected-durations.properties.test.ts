import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createExpectedDurations, decayedMedian, durationOf } from '../../src/activities/expected-durations.js';
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

describe('how long a job took', () => {
  const iso = (at: number): string => new Date(at).toISOString();
  const ms = fc.nat(10_000_000);

  it("is what the vendor's own times say, as far as that agrees with what was seen", () => {
    fc.assert(
      fc.property(ms, ms, ms, (a, b, tookMs) => {
        const [seenMs, elapsedMs] = [Math.min(a, b), Math.max(a, b)];
        const times = { createdAt: iso(0), completedAt: iso(tookMs) };
        const took = durationOf({ elapsedMs, seenMs, expectedMs: null }, times);
        if (tookMs === 0) return;
        expect(took).to.be.within(seenMs, elapsedMs);
        if (tookMs >= seenMs && tookMs <= elapsedMs) expect(took).to.equal(tookMs);
      }),
      RUNS,
    );
  });

  it('is the time until it was seen where the vendor tells not both, and nobody knows after an outage', () => {
    const close = { elapsedMs: 60_000, seenMs: 58_000, expectedMs: null };
    const outage = { elapsedMs: 3_600_000, seenMs: 58_000, expectedMs: 60_000 };
    for (const times of [{}, { createdAt: iso(0) }, { completedAt: iso(0) }, { createdAt: 'x', completedAt: iso(5) }]) {
      expect([durationOf(close, times), durationOf(outage, times)]).to.deep.equal([60_000, null]);
    }
    expect(durationOf(outage, { createdAt: iso(0), completedAt: iso(61_000) })).to.equal(61_000);
  });
});

describe('errors of expected durations', () => {
  it('are the medians of what each operation took more or less than expected', () => {
    const durations = createExpectedDurations();
    expect(durations.observe('p', 'parse', 1, 10_000)).to.equal(null);
    expect(durations.durationErrors()).to.deep.equal([]);
    expect(durations.observe('p', 'split', 1, 10_000, 8_000)).to.equal(2_000);
    const errors = [12_000, 10_000, 20_000].map((took) => durations.observe('p', 'parse', 1, took, 1));
    expect(errors[0]).to.equal(2_000);
    const [split, parse] = durations.durationErrors();
    expect(split).to.deep.equal({ provider: 'p', operation: 'split', jobs: 1, medianMs: 2_000, medianShare: 0.2 });
    expect(parse).to.include({ operation: 'parse', jobs: 3, medianMs: 2_000 });
  });
});
