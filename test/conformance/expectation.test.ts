import { describe, expect, it } from 'vitest';
import { jobReceipt } from '../../src/jobs/receipt.js';
import type { JobReceipt } from '../../src/jobs/types.js';
import {
  type Expectation,
  expectationText,
  type Observation,
  observationText,
  problemsOf,
} from '../../src/testing/conformance/expectation.js';
import type { VendorJob } from '../../src/testing/index.js';

const receipt = (over: Partial<JobReceipt> = {}): JobReceipt =>
  jobReceipt({ operation: 'parse', jobId: 'a', outcome: 'completed', submits: 1, submittedAt: '', ...over }, 0);
const job = (jobId: string, state: VendorJob['state'] = 'completed'): VendorJob => ({
  operation: 'parse',
  jobId,
  state,
});
const observed = (over: Partial<Observation> = {}): Observation => ({
  end: 'completed',
  operation: 'parse',
  accepted: [job('a')],
  submits: 1,
  requests: 3,
  bodyReads: null,
  receipts: [receipt()],
  findings: [],
  ...over,
});
const COMPLETED: Expectation = { ends: ['completed'], jobs: 1, outcome: 'completed', adopted: false };

describe('problemsOf', () => {
  it('finds none where all is as expected', () => {
    expect(problemsOf(COMPLETED, observed())).toEqual([]);
  });

  it.each<[string, Partial<Expectation>, Partial<Observation>, string]>([
    ['another end', {}, { end: 'DocumentJobLost', reason: 'gone' }, 'ended as DocumentJobLost (gone)'],
    ['another outcome', { outcome: 'cancelled' }, {}, 'the receipt says completed'],
    ['no receipt', {}, { receipts: [], submits: 0, accepted: [] }, 'the receipt says nothing'],
    ['no adoption', { adopted: true }, {}, 'not adopted'],
    ['an adoption', {}, { receipts: [receipt({ adopted: true })] }, 'adopted'],
    ['resubmits', {}, { receipts: [receipt({ resubmit: true })] }, '1 resubmits in the receipt'],
    ['unknown submits', {}, { receipts: [receipt({ unknownSubmits: 2 })] }, '2 unknown submits in the receipt'],
    ['submits', { submits: 4 }, {}, '1 submits arrived'],
    ['body reads', { bodyReads: 1 }, { bodyReads: 2 }, 'its body was fetched 2 times'],
    ['many requests', { maxRequests: 2 }, {}, '3 requests'],
    ['a submit that the receipt hides', {}, { submits: 2 }, '2 submits arrived, the receipt shows 1'],
    ['a second job', {}, { accepted: [job('a'), job('b')] }, '2 jobs accepted'],
    ['a job left running', {}, { accepted: [job('a', 'running')] }, '1 job left running at the vendor'],
    ['a finding', {}, { findings: ['the stored result is no JSON'] }, 'the stored result is no JSON'],
  ])('tells of %s', (_what, expected, over, problem) => {
    expect(problemsOf({ ...COMPLETED, ...expected }, observed(over))).toContain(problem);
  });

  it('asks for each job that the receipt does not name an unknown submit that may have made it', () => {
    const accepted = [job('a'), job('b', 'running')];
    const expected = { ...COMPLETED, jobs: 2, unknownSubmits: 1 };
    const receipts = [receipt({ submits: 2, unknownSubmits: 1 })];
    expect(problemsOf(expected, observed({ accepted, submits: 2, receipts }))).toEqual([]);
    const without = { accepted, submits: 2, receipts: [receipt({ submits: 2 })] };
    expect(problemsOf({ ...COMPLETED, jobs: 2 }, observed(without))).toEqual([
      '1 job accepted that the receipt does not know',
    ]);
  });

  it('does not ask the receipt for a submit that the vendor has refused', () => {
    const expected: Expectation = { ends: ['DocumentSubmitRejected'], jobs: 0, refused: true };
    const refused = { end: 'DocumentSubmitRejected', accepted: [], receipts: [] };
    expect(problemsOf(expected, observed(refused))).toEqual([]);
  });
});

describe('the texts of a row', () => {
  it('say what was expected and what came', () => {
    const expected: Expectation = { ...COMPLETED, jobs: 2, resubmits: 1, maxRequests: 40, bodyReads: 1 };
    expect(expectationText(expected)).toBe('completed, 2 jobs, 1 resubmit, ≤ 40 requests, body read once');
    expect(expectationText({ ends: ['DocumentJobNotFound', 'DocumentJobLost'], jobs: 1, outcome: 'unknown' })).toBe(
      'DocumentJobNotFound or DocumentJobLost, 1 job, receipt: unknown',
    );
    expect(observationText(observed({ receipts: [receipt({ adopted: true })] }))).toBe('completed, 1 job, adopted');
  });
});
