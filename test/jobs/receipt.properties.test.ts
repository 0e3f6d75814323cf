import fc from 'fast-check';
import { describe, it } from 'vitest';
import { jobReceipt, sumReceipt } from '../../src/jobs/receipt.js';
import { statusMarkdown } from '../../src/jobs/status-markdown.js';
import type { JobReceipt, JobStatusLine, Outcome } from '../../src/jobs/types.js';
import { operation, word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const outcome = fc.constantFrom<Outcome>('completed', 'completed_anyway', 'failed', 'cancelled', 'unknown');
/** Credits come in quarters: sums of them are exact. */
const credits = fc.option(fc.nat(4_000).map((quarters) => quarters / 4));
const facts = fc.record(
  {
    operation,
    jobId: fc.option(word),
    outcome,
    submits: fc.nat(9),
    submittedAt: fc.constant('2026-11-24T10:00:00.000Z'),
    unknownSubmits: fc.nat(3),
    adopted: fc.boolean(),
    resubmit: fc.boolean(),
    reads: fc.nat(50),
    pages: fc.option(fc.nat(500)),
    credits,
    vendorStatus: fc.option(word),
    section: word,
  },
  { requiredKeys: ['operation', 'jobId', 'outcome', 'submits', 'submittedAt'] },
);
const endedAt = fc.integer({ min: 0, max: 4_000_000_000_000 });
const jobs = fc.array(facts, { maxLength: 5 }).map((list) => list.map((one) => jobReceipt(one, 0)));

describe('jobReceipt', () => {
  it('repeats what was told, and leaves nothing undefined that a history would lose', () => {
    fc.assert(
      fc.property(facts, endedAt, ({ unknownSubmits = 0, ...told }, at) => {
        const receipt = jobReceipt({ unknownSubmits, ...told }, at);
        expect(receipt).toMatchObject(told);
        expect(receipt.unknownSubmits ?? 0).toBe(unknownSubmits);
        expect(Date.parse(receipt.endedAt)).toBe(at);
        expect(JSON.parse(JSON.stringify(receipt))).toStrictEqual(receipt);
      }),
      RUNS,
    );
  });
});

describe('sumReceipt', () => {
  const addKnown = (a: number | null, b: number | null): number | null => (a === null || b === null ? (a ?? b) : a + b);

  it('comes to the same whether jobs are summed at once or by parts, in any order', () => {
    fc.assert(
      fc.property(jobs, jobs, (some, others) => {
        const [a, b] = [sumReceipt(some), sumReceipt(others)];
        const sums = {
          pages: addKnown(a.pages, b.pages),
          credits: addKnown(a.credits, b.credits),
          submits: a.submits + b.submits,
          reads: a.reads + b.reads,
        };
        for (const all of [[...some, ...others], [...others, ...some].reverse()]) {
          expect(sumReceipt(all)).toEqual({ ...sums, jobs: all });
        }
      }),
      RUNS,
    );
  });

  it('knows a figure exactly when some job does', () => {
    fc.assert(
      fc.property(jobs, (some: JobReceipt[]) => {
        const { pages, credits: paid } = sumReceipt(some);
        expect(pages === null).toBe(some.every((job) => job.pages === null));
        expect(paid === null).toBe(some.every((job) => job.credits === null));
      }),
      RUNS,
    );
  });
});

describe('statusMarkdown', () => {
  const hostile = fc.string({ unit: fc.constantFrom('a', ' ', '|', '\n', '#', '-', '`'), maxLength: 8 });
  const line = (status: fc.Arbitrary<string>, section: fc.Arbitrary<string>): fc.Arbitrary<JobStatusLine> =>
    fc
      .record({ operation, jobId: fc.option(word), vendorStatus: fc.option(status), section })
      .map((some) => ({ stage: 'polling', progress: null, outcome: null, submittedAt: null, ...some, ...NO_MORE }));
  const NO_MORE = { nextReadAt: null, trouble: null };
  /** Rows as Markdown reads them: any line ending ends one, a bar without a backslash ends a cell. */
  const rowsOf = (markdown: string): string[][] =>
    markdown.split(/\r\n|\r|\n/).map((row) => row.replaceAll('\\|', '').split('|'));

  it('is one row of five cells a job, whatever a section is called', () => {
    fc.assert(
      fc.property(fc.array(line(word, hostile), { maxLength: 3 }), (lines) => {
        const cells = rowsOf(statusMarkdown(lines)).map((row) => row.length);
        expect(cells).toEqual([5, 5, ...lines.map(() => 5)]);
      }),
      RUNS,
    );
  });
});
