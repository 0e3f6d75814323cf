import { describe, expect, it } from 'vitest';
import type { JobReceipt } from '../../../src/jobs/types.js';
import type { Run } from '../plan/run.js';
import { judge, type Undisturbed } from './judge.js';
import type { Observed } from './observe.js';

const UNDISTURBED: Undisturbed = new Map([
  ['reducto/parse', { value: 'null', ms: 1_000 }],
  ['pulse/parse', { value: 'null', ms: 1_000 }],
]);

const RUN: Run = {
  id: 'somewhere/reducto/parse/once/0',
  point: 'somewhere',
  vendor: 'reducto',
  operation: 'parse',
  pattern: 'once',
  rounds: [{ steps: [{ at: 'submitAnswered' }], strike: 'kill' }],
  ending: 'complete',
  onUnknownSubmit: 'resubmit',
  singleRead: false,
  webhooks: false,
};

const receiptOf = (more: Partial<JobReceipt> = {}): JobReceipt =>
  ({ operation: 'parse', outcome: 'completed', resubmit: false, adopted: false, ...more }) as JobReceipt;

const jobOf = (state: string, more = {}): Observed['jobs'][number] => ({
  jobId: 'j',
  state,
  toldTemporal: true,
  reaped: false,
  ...more,
});

function seen(more: Partial<Observed> = {}, run: Partial<Run> = {}): Observed {
  return {
    run: { ...RUN, ...run },
    impacts: [{ strike: 'kill', acts: [], state: 'POST carried out, reply lost; job Pending' }],
    ended: 'complete',
    value: 'null',
    missing: [],
    receipt: [receiptOf()],
    jobs: [jobOf('Completed')],
    reads: 1,
    ms: 5_000,
    ...more,
  };
}

const brokenBy = (more: Partial<Observed>, run: Partial<Run> = {}) => judge(seen(more, run), UNDISTURBED).violations;

describe('a document that completes', () => {
  it('is whole when it comes to what an undisturbed one does', () => {
    expect(brokenBy({})).toEqual([]);
  });

  it('is lost with another result, with a body that is not there, or without an end', () => {
    expect(brokenBy({ value: '{}' })).toEqual(['lost']);
    expect(brokenBy({ missing: ['key'] })).toEqual(['lost']);
    expect(brokenBy({ ended: 'hung', value: null, receipt: [] })).toEqual(['lost']);
    expect(brokenBy({ ended: 'DocumentJobFailed', value: null })).toEqual(['lost']);
  });

  it('was read too often with webhooks, when more than once a job and a strike', () => {
    expect(brokenBy({ reads: 2 }, { webhooks: true })).toEqual([]);
    expect(brokenBy({ reads: 3 }, { webhooks: true })).toEqual(['too many reads']);
    expect(brokenBy({ reads: 3 })).toEqual([]);
  });

  it('was not woken by its call, where it took as long as one that is never called', () => {
    expect(brokenBy({ ms: 299_000 }, { webhooks: true })).toEqual([]);
    expect(brokenBy({ ms: 301_000 }, { webhooks: true })).toEqual(['call lost']);
    expect(brokenBy({ ms: 301_000 })).toEqual([]);
  });

  it('is paid twice when the vendor accepted a job that the receipt does not explain', () => {
    const jobs = [jobOf('Completed'), jobOf('Completed')];
    expect(brokenBy({ jobs })).toEqual(['paid twice']);
    expect(brokenBy({ jobs, receipt: [receiptOf(), receiptOf({ resubmit: true })] })).toEqual([]);
    expect(brokenBy({ jobs, receipt: [receiptOf(), receiptOf({ repair: true })] })).toEqual([]);
    expect(brokenBy({ jobs, receipt: [receiptOf({ unknownSubmits: 1 })] })).toEqual(['paid twice']);
  });

  it('leaves nothing running', () => {
    expect(brokenBy({ jobs: [jobOf('InProgress', { toldTemporal: false })] })).toEqual(['left running']);
  });
});

describe('where the vendor lists no jobs', () => {
  const run: Partial<Run> = { vendor: 'pulse' };
  const jobs = [jobOf('Completed'), jobOf('Completed')];

  it('a duplicate must be labelled', () => {
    expect(brokenBy({ jobs }, run)).toEqual(['unlabelled duplicate']);
    expect(brokenBy({ jobs, receipt: [receiptOf({ unknownSubmits: 1 })] }, run)).toEqual([]);
  });

  it('one label stands for all lives of a workflow before its last reset', () => {
    const reset = { strike: 'none' as const, acts: ['reset' as const], state: 'job running' };
    const receipt = [receiptOf({ unknownSubmits: 1 })];
    const three = [...jobs, jobOf('Completed')];
    expect(brokenBy({ jobs: three, receipt, impacts: [reset] }, run)).toEqual(['unlabelled duplicate']);
    const rounds = [RUN.rounds[0]!, RUN.rounds[0]!];
    expect(brokenBy({ jobs: three, receipt, impacts: [reset, reset] }, { ...run, rounds })).toEqual([]);
  });

  it('a job runs on only if Temporal was never told its id', () => {
    const receipt = [receiptOf({ unknownSubmits: 1 })];
    const withLost = [jobOf('Completed'), jobOf('InProgress', { toldTemporal: false })];
    expect(judge(seen({ jobs: withLost, receipt }, run), UNDISTURBED)).toMatchObject({ unheardOf: 1, violations: [] });
    expect(brokenBy({ jobs: [jobOf('Completed'), jobOf('InProgress')], receipt }, run)).toEqual(['left running']);
  });

  it('an unknown submit may be left to the user, if the receipt says so', () => {
    const ended = { ended: 'DocumentSubmitUnknown', value: null };
    const receipt = [receiptOf({ unknownSubmits: 1, outcome: 'unknown' })];
    expect(brokenBy({ ...ended, receipt }, { ...run, onUnknownSubmit: 'fail' })).toEqual([]);
    expect(brokenBy({ ...ended, receipt }, run)).toEqual(['lost']);
    expect(brokenBy({ ...ended, receipt: [] }, { ...run, onUnknownSubmit: 'fail' })).toEqual(['lost']);
    expect(brokenBy({ ...ended, receipt }, { onUnknownSubmit: 'fail' })).toEqual(['lost']);
  });
});

describe('an ending that the guarantees name', () => {
  const cancelled = { ended: 'Cancelled', value: null };
  const jobs = [jobOf('Cancelled')];

  it('is a cancel with its receipt', () => {
    const receipt = [receiptOf({ outcome: 'cancelled' })];
    expect(brokenBy({ ...cancelled, jobs, receipt }, { ending: 'cancelled' })).toEqual([]);
    expect(brokenBy({ ...cancelled, jobs, receipt: [] }, { ending: 'cancelled' })).toEqual(['wrong ending']);
    expect(brokenBy({}, { ending: 'cancelled' })).toEqual(['wrong ending']);
  });

  it('is a result that came in spite of the cancel, and was kept', () => {
    const stored = { key: 'k', sha256: 's' } as JobReceipt['stored'];
    const receipt = [receiptOf({ outcome: 'completed_anyway', ...(stored && { stored }) })];
    expect(brokenBy({ ...cancelled, receipt }, { ending: 'completed anyway' })).toEqual([]);
    expect(brokenBy({ ...cancelled, receipt, missing: ['k'] }, { ending: 'completed anyway' })).toEqual(['lost']);
    const unkept = [receiptOf({ outcome: 'completed_anyway' })];
    expect(brokenBy({ ...cancelled, receipt: unkept }, { ending: 'completed anyway' })).toEqual(['wrong ending']);
  });

  it('is a named failure or the result itself', () => {
    for (const [ending, type] of [
      ['consumed', 'DocumentResultConsumed'],
      ['reference expired', 'DocumentReferenceExpired'],
    ] as const) {
      expect(brokenBy({ ended: type, value: null }, { ending })).toEqual([]);
      expect(brokenBy({}, { ending })).toEqual([]);
      expect(brokenBy({ ended: 'DocumentJobFailed', value: null }, { ending })).toEqual(['wrong ending']);
    }
  });

  it('is nothing but a termination for who was terminated', () => {
    expect(brokenBy({ ended: 'WorkflowTerminated', value: null, jobs }, { ending: 'terminated' })).toEqual([]);
    expect(brokenBy({}, { ending: 'terminated' })).toEqual(['wrong ending']);
  });
});

describe('a fault', () => {
  const fired = (impacts: Observed['impacts'], run: Partial<Run> = {}) =>
    judge(seen({ impacts }, run), UNDISTURBED).fired;
  const impact = (state: string, acts: Observed['impacts'][number]['acts'] = []) => ({
    strike: 'kill' as const,
    acts,
    state,
  });

  it('has come about when every round has, the first one where the point lies', () => {
    expect(fired([impact('there')])).toBe(true);
    expect(fired([])).toBe(false);
    expect(fired([impact('elsewhere: get, reply')])).toBe(false);
    const rounds = [RUN.rounds[0]!, RUN.rounds[0]!];
    expect(fired([impact('there')], { rounds })).toBe(false);
    expect(fired([impact('there'), impact('elsewhere: get, reply')], { rounds })).toBe(true);
  });

  it('has come about only with its acts', () => {
    const rounds: Run['rounds'] = [{ steps: [{ at: 'read', act: 'cancel' }, { at: 'cancelGiven' }], strike: 'kill' }];
    expect(fired([impact('there')], { rounds })).toBe(false);
    expect(fired([impact('there', ['cancel'])], { rounds })).toBe(true);
  });
});
