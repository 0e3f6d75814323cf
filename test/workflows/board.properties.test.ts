import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { CollectedResult } from '../../src/jobs/types.js';
import { Board } from '../../src/workflows/board.js';
import type { JobContext } from '../../src/workflows/job-context.js';
import { completed } from '../../src/workflows/run-job.js';
import { jsonObject, word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const NO_CALLS = { of: () => 0 };

describe('nextSubmit', () => {
  const key = fc.constantFrom('a', 'b', 'c');

  it('never gives two equal submits one number, through any continuations as new', () => {
    const runs = fc.array(fc.array(key, { maxLength: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(runs, (asked) => {
        const numbers: string[] = [];
        let submitted = 0;
        for (const keys of asked) {
          const board = new Board(NO_CALLS);
          board.startAt(submitted);
          for (const one of keys) numbers.push(`${one}${board.nextSubmit(one).ordinal}`);
          submitted = board.submitted;
        }
        expect(new Set(numbers).size).toBe(numbers.length);
        expect(submitted).toBe(asked.flat().length);
      }),
      RUNS,
    );
  });

  it('numbers a submit by its equals alone, so that another order of documents changes nothing', () => {
    const keys = fc.array(key, { maxLength: 8 });
    const numbersOf = (list: string[]): string[] => {
      const board = new Board(NO_CALLS);
      return list.map((one) => `${one}${board.nextSubmit(one).ordinal}`).sort();
    };
    fc.assert(
      fc.property(keys, fc.nat(7), (list, turn) => {
        expect(numbersOf([...list.slice(turn), ...list.slice(0, turn)])).toEqual(numbersOf(list));
      }),
      RUNS,
    );
  });

  it('lets equal submits, and no others, know each other’s jobs', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, word), { maxLength: 6 }), (submits) => {
        const board = new Board(NO_CALLS);
        for (const [one, jobId] of submits) board.nextSubmit(one).equalJobs.push(jobId);
        for (const one of ['a', 'b', 'c']) {
          const theirs = submits.filter(([other]) => other === one).map(([, jobId]) => jobId);
          expect(board.nextSubmit(one).equalJobs).toEqual(theirs);
        }
      }),
      RUNS,
    );
  });
});

describe('the inline budget', () => {
  const usage = { pages: null, credits: null };
  const stored = { key: 'k', size: 1, sha256: 'a', contentType: 'x' };
  const text = fc.nat(400).map((length) => 'é'.repeat(length));
  const result: fc.Arbitrary<CollectedResult> = fc.oneof(
    text.map((data) => ({ kind: 'extract' as const, data, usage, stored })),
    jsonObject.map((value) => ({ kind: 'other' as const, value, usage, stored })),
    word.map((reference) => ({ kind: 'parse' as const, reference, pageCount: 1, usage, stored })),
    text.map((name) => ({ kind: 'split' as const, sections: [{ name, pages: [1] }], usage, stored })),
  );
  const sizeOf = ({ usage: _usage, stored: _stored, ...inline }: CollectedResult): number =>
    Buffer.byteLength(JSON.stringify(inline));

  it('is never overdrawn by values that may give way, and what gave way is in the store', () => {
    fc.assert(
      fc.property(fc.array(result, { maxLength: 6 }), fc.nat(2_000), (results, left) => {
        const context = { inlineBudget: { left }, options: { results: 'auto' } } as unknown as JobContext;
        const passed = results.map((one) => completed(context, one));
        const inline = passed.filter((one, index) => one === results[index] && one.kind !== 'parse');
        expect(inline.reduce((sum, one) => sum + sizeOf(one), 0)).toBeLessThanOrEqual(left);
        expect(context.inlineBudget.left).toBeGreaterThanOrEqual(0);
        passed.forEach((one, index) => {
          if (one !== results[index]) expect(one).toEqual({ kind: results[index]?.kind, stored, usage });
        });
      }),
      RUNS,
    );
  });
});
