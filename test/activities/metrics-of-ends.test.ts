import { describe, expect, it } from 'vitest';
import type { PollInput } from '../../src/jobs/activities.js';
import { ResultStoreError, type ResultStore } from '../../src/results/index.js';
import { activityRun } from '../support/activity-run.js';
import { fakeProvider, type FakeScript, read } from '../support/fake-provider.js';

const job = { provider: 'fake', account: 'fake', operation: 'parse', jobId: 'job-1' } as const;
const tags = { provider: 'fake', account: 'fake', operation: 'parse' };

function given(script: FakeScript, results?: ResultStore) {
  const run = activityRun(fakeProvider(script), results === undefined ? {} : { results });
  const input: PollInput = {
    job,
    windowMs: 10_000,
    elapsedMs: 0,
    neverSeen: false,
    collect: { results: 'auto', inlineLimit: 1_000 },
  };
  /** Without what the activity's meter adds. */
  const of = (name: string) =>
    run.metrics
      .filter((one) => one.name === `document_jobs_${name}`)
      .map(({ tags, ...one }) => {
        const { namespace: _, taskQueue: __, activityType: ___, ...own } = tags as Record<string, string>;
        return { ...one, tags: own };
      });
  return {
    of,
    poll: () => run.run(() => run.activities.pollDocumentJob(input)),
    cancel: () => run.run(() => run.activities.cancelDocumentJob({ job, settleMs: 30_000 })),
  };
}

describe('a window counts the end that it tells', () => {
  it.each(['completed', 'failed', 'cancelled'] as const)('%s, once, whatever it took', async (state) => {
    const body = state === 'completed' ? { paid: true } : undefined;
    const { poll, of } = given({ get: [read('running'), read('running'), read(state, body)] });
    expect(await poll()).toMatchObject({ state });
    expect(of('ended')).toEqual([{ name: 'document_jobs_ended', value: 1, tags: { ...tags, outcome: state } }]);
  });

  it('with what it cost and how long it took', async () => {
    const { poll, of } = given({ get: [read('running'), read('completed', { paid: true })] });
    await poll();
    expect(of('credits')).toEqual([{ name: 'document_jobs_credits', value: 4, tags }]);
    expect(of('pages')).toEqual([{ name: 'document_jobs_pages', value: 3, tags }]);
    expect(of('vendor_time')).toHaveLength(1);
    expect(of('vendor_time')[0]?.tags).toEqual({ provider: 'fake', operation: 'parse' });
  });

  it('not while the job runs', async () => {
    const { poll, of } = given({ get: [read('running')] });
    expect(await poll()).toMatchObject({ state: 'pending' });
    expect(of('ended')).toEqual([]);
  });

  it('not a job that the vendor does not know: the cancel that follows does', async () => {
    const { poll, cancel, of } = given({ get: [null], cancel: [false] });
    expect(await poll()).toMatchObject({ state: 'lost' });
    expect(of('ended')).toEqual([]);
    expect(await cancel()).toMatchObject({ outcome: 'unknown' });
    expect(of('ended').map(({ tags }) => tags)).toEqual([{ ...tags, outcome: 'unknown' }]);
  });

  it('result_failed, where the job is paid and its result is not to be had', async () => {
    const store = { put: () => Promise.reject(new ResultStoreError('no', false)) } as unknown as ResultStore;
    const { poll, of } = given({ get: [read('completed', { paid: true })] }, store);
    await expect(poll()).rejects.toMatchObject({ type: 'DocumentResultStoreRefused' });
    expect(of('ended').map(({ tags }) => tags)).toEqual([{ ...tags, outcome: 'result_failed' }]);
  });
});

it.each([
  ['cancelled', 'cancelled'],
  ['completed', 'completed_anyway'],
  ['failed', 'failed'],
] as const)('a cancel counts what it finds out: %s', async (state, outcome) => {
  const { cancel, of } = given({ get: [read('running'), read(state, state === 'completed' ? {} : undefined)] });
  expect(await cancel()).toMatchObject({ outcome });
  expect(of('ended')).toEqual([{ name: 'document_jobs_ended', value: 1, tags: { ...tags, outcome } }]);
  expect(of('credits').map(({ value }) => value)).toEqual([4]);
});
