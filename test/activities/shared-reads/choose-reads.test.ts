import fc from 'fast-check';
import { describe, it } from 'vitest';
import { chooseReads, type ReadFacts } from '../../../src/activities/shared-reads/choose-reads.js';
import { expect, RUNS } from '../../support/properties.js';

/** Jobs of 60 s are read every 3 s by themselves, those of 600 s every 15 s. */
const facts = (waitsByPage: number[], over: Partial<ReadFacts> & { gapMs?: number } = {}): ReadFacts => {
  const { gapMs = 3_000, ...rest } = over;
  const waits = waitsByPage.reduce((sum, one) => sum + one, 0);
  return {
    waitsByPage,
    placesKnown: true,
    demand: (1_000 * waits) / gapMs,
    readsPerSecond: 200,
    pagesPerSecond: 1_000,
    pageMs: 20,
    sweeping: false,
    ...rest,
  };
};
const at = (page: number, waits: number): number[] => [...Array<number>(page).fill(0), waits];
const single = { kind: 'single' };

describe('chooseReads', () => {
  it.each<[string, ReadFacts, object]>([
    ['nobody waits', facts([]), single],
    ['one waits: a page would be dearer', facts([1]), single],
    ['three wait', facts([3]), single],
    ['four wait on one page', facts([4]), { kind: 'sweep', pages: 3, periodMs: 1_500 }],
    [
      'four that are read once in 15 s: pages are no greater a load',
      facts([4], { gapMs: 15_000 }),
      { periodMs: 7_500 },
    ],
    ['four, three pages down', facts(at(3, 4)), single],
    ['sixteen, three pages down', facts(at(3, 16)), { kind: 'sweep', pages: 6 }],
    ['500 jobs of 60 s over 5 pages', facts([100, 100, 100, 100, 100]), { pages: 7, periodMs: 1_500 }],
    ['2,000 jobs of 600 s, 30 pages down', facts(at(29, 2_000), { gapMs: 15_000 }), { pages: 32, periodMs: 3_000 }],
    ['a straggler is not worth the pages down to it', facts([40, 0, 0, 0, 0, 0, 0, 0, 1]), { pages: 3 }],
    ['what lies deeper is, where it is much', facts([40, 0, 0, 0, 0, 0, 0, 0, 60]), { pages: 11 }],
    ['fewer stay swept than begin to be', facts([2], { sweeping: true }), { kind: 'sweep' }],
    ['but not one alone', facts([1], { sweeping: true }), single],
    ['more reads are due than may be made', facts(at(9, 15), { readsPerSecond: 2 }), { kind: 'sweep' }],
    ['no list calls are left', facts([500], { pagesPerSecond: 0 }), single],
    ['few list calls are left', facts([500], { pagesPerSecond: 1 }), { kind: 'sweep', periodMs: 2_000 }],
    ['too few: each job is read sooner by itself', facts([500], { pagesPerSecond: 0.5 }), single],
    [
      'unless that may not be read, either',
      facts([500], { pagesPerSecond: 0.2, readsPerSecond: 10 }),
      { periodMs: 10_000 },
    ],
    ['pages that take long', facts(at(9, 300), { pageMs: 240 }), { periodMs: 3_000 }],
    ['nobody knows where jobs are: each page may answer four', facts([41], { placesKnown: false }), { pages: 10 }],
  ])('%s', (_, given, expected) => {
    expect(chooseReads(given)).to.containSubset(expected);
  });

  const given = fc.record({
    waitsByPage: fc.array(fc.oneof(fc.constant(0), fc.nat(8), fc.nat(1_000)), { maxLength: 60 }),
    placesKnown: fc.boolean(),
    gapMs: fc.integer({ min: 900, max: 15_000 }),
    readsPerSecond: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 1_000 })),
    pagesPerSecond: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 1_000 })),
    pageMs: fc.nat(2_000),
    sweeping: fc.boolean(),
  });

  it('never asks for more than single reads would, nor for more of the list than may be had', () => {
    fc.assert(
      fc.property(given, ({ waitsByPage, ...over }) => {
        // The first sweep of a list that nobody knows is one for all.
        const all = facts(waitsByPage, { ...over, placesKnown: true });
        const plan = chooseReads(all);
        if (plan.kind === 'single') return;
        const needed = Math.min(plan.pages, waitsByPage.length);
        const load = (1_000 * needed) / plan.periodMs;
        // Slack is read only when the list has grown.
        const slack = (1_000 * 2) / plan.periodMs;
        expect(load).to.be.at.most(Math.max(all.demand, 0) / 2 + slack + 0.01);
        expect(load).to.be.at.most(all.pagesPerSecond / 2 + slack + 0.01);
        expect(plan.periodMs).to.be.at.least(1_500);
        expect(plan.pages).to.be.within(1, 200);
      }),
      RUNS,
    );
  });

  it('sweeps only where it sees ends sooner than single reads could, or within 3 s', () => {
    fc.assert(
      fc.property(given, ({ waitsByPage, ...over }) => {
        const all = facts(waitsByPage, over);
        const waits = waitsByPage.reduce((sum, one) => sum + one, 0);
        const plan = chooseReads(all);
        if (plan.kind === 'single') return;
        expect(waits).to.be.at.least(1);
        const singleGapMs = Math.max(over.gapMs, (1_000 * waits) / all.readsPerSecond);
        expect(plan.periodMs).to.be.at.most(Math.max(singleGapMs, 3_000) + 1);
      }),
      RUNS,
    );
  });

  it('goes on with what it has chosen, and chooses no less with more waits on the first page', () => {
    fc.assert(
      fc.property(given, fc.integer({ min: 4, max: 500 }), ({ waitsByPage, ...over }, more) => {
        const plan = chooseReads(facts(waitsByPage, { ...over, sweeping: false }));
        if (plan.kind === 'single') return;
        expect(chooseReads(facts(waitsByPage, { ...over, sweeping: true })).kind).to.equal('sweep');
        const [first = 0, ...rest] = waitsByPage;
        const unlimited = { ...over, pagesPerSecond: Infinity, pageMs: 0 };
        expect(chooseReads(facts([first + more, ...rest], unlimited)).kind).to.equal('sweep');
      }),
      RUNS,
    );
  });
});
