import type { Info } from '@temporalio/activity';
import { describe, expect, it } from 'vitest';
import type { CancelOutput } from '../../src/jobs/activities.js';
import { ResultStoreError, type ResultStore } from '../../src/results/index.js';
import { activityRun, type ActivityRun } from '../support/activity-run.js';
import {
  fakeProvider,
  type FakeProvider,
  type FakeScript,
  NO_USAGE,
  read,
  vendorError,
} from '../support/fake-provider.js';

interface Cancelled extends ActivityRun {
  provider: FakeProvider;
  cancel: (info?: Partial<Info>) => Promise<CancelOutput>;
}

function given(script: FakeScript, results?: ResultStore): Cancelled {
  const provider = fakeProvider(script);
  const run = activityRun(provider, results === undefined ? {} : { results });
  const input = {
    job: { provider: 'fake', account: 'fake', operation: 'parse' as const, jobId: 'job-1' },
    settleMs: 30_000,
  };
  return { ...run, provider, cancel: (info) => run.run(() => run.activities.cancelDocumentJob(input), info) };
}

describe('cancelDocumentJob', () => {
  it('asks once, then reads until the vendor says cancelled', async () => {
    const { cancel, provider, beats } = given({ get: [read('running'), read('running'), read('cancelled')] });
    expect(await cancel()).toEqual({
      outcome: 'cancelled',
      vendorStatus: 'CANCELLED',
      usage: { pages: 3, credits: 4 },
      reads: 3,
    });
    expect(provider.count('cancel')).toBe(1);
    expect(provider.calls[0]?.method).toBe('cancel');
    expect(beats[0]).toMatchObject({ jobId: 'job-1' });
  });

  it('keeps the body of a job that was faster', async () => {
    const { cancel, store } = given({ get: [read('running'), read('completed', { paid: true })] });
    expect(await cancel()).toMatchObject({
      outcome: 'completed_anyway',
      usage: { pages: 3, credits: 4 },
      stored: { key: 'fake/fake/parse/job-1.json', size: 13 },
    });
    expect(await store.head('fake/fake/parse/job-1.json')).not.toBeNull();
  });

  it.each([true, false])('a store in trouble does not hide the outcome (retryable: %s)', async (retryable) => {
    const store = { put: () => Promise.reject(new ResultStoreError('no', retryable)) } as unknown as ResultStore;
    const end = await given({ get: [read('completed', {})] }, store).cancel();
    expect(end).toMatchObject({ outcome: 'completed_anyway' });
    expect(end).not.toHaveProperty('stored');
  });

  it('a vendor that ignores the cancel ends as unknown when the time is over, at few reads', async () => {
    const { cancel, elapsed, provider } = given({ get: [read('running')] });
    expect(await cancel()).toMatchObject({ outcome: 'unknown', vendorStatus: 'RUNNING', usage: NO_USAGE });
    expect(elapsed()).toBe(30_000);
    expect(provider.count('get')).toBeLessThanOrEqual(22);
  });

  it.each([
    ['5xx', vendorError('server')],
    ['unreachable', vendorError('unreachable')],
    ['429', vendorError('rate_limited')],
    ['401', vendorError('auth')],
  ])('asks again after %s', async (_name, error) => {
    const { cancel, provider } = given({
      cancel: [error, error, true],
      get: [read('running'), read('running'), read('running'), read('cancelled')],
    });
    expect(await cancel()).toMatchObject({ outcome: 'cancelled' });
    expect(provider.count('cancel')).toBe(3);
  });

  it('takes a refusal for an answer and lets the reads tell', async () => {
    const { cancel, provider } = given({
      cancel: [vendorError('rejected', { httpStatus: 409 })],
      get: [read('running'), read('completed', {})],
    });
    expect(await cancel()).toMatchObject({ outcome: 'completed_anyway' });
    expect(provider.count('cancel')).toBe(1);
  });

  it('reads on through trouble', async () => {
    const { cancel } = given({ get: [vendorError('server'), vendorError('invalid_reply'), read('failed')] });
    expect(await cancel()).toMatchObject({ outcome: 'failed', reads: 3 });
  });

  it('a job that the vendor does not know is unknown at once', async () => {
    const { cancel, elapsed } = given({ cancel: [false], get: [null] });
    expect(await cancel()).toMatchObject({ outcome: 'unknown', vendorStatus: null });
    expect(elapsed()).toBe(0);
  });

  it('a job that is not seen yet is waited for, when the vendor took its cancel', async () => {
    const { cancel } = given({ cancel: [true], get: [null, read('cancelled')] });
    expect(await cancel()).toMatchObject({ outcome: 'cancelled', reads: 2 });
  });

  it('goes on counting in a later attempt, and asks again', async () => {
    const { cancel, provider } = given({ get: [read('cancelled')] });
    const info = { attempt: 2, heartbeatDetails: { jobId: 'job-1', lastStatus: 'RUNNING', reads: 5 } };
    expect(await cancel(info)).toMatchObject({ outcome: 'cancelled', reads: 6 });
    expect(provider.count('cancel')).toBe(1);
  });

  it('stops too while it keeps a body', async () => {
    const store = { put: () => Promise.reject(new ResultStoreError('no space left', true)) } as unknown as ResultStore;
    const run = given({ get: [read('completed', {})] }, store);
    run.onSleep(() => run.cancelAttempt('WORKER_SHUTDOWN'));
    await expect(run.cancel()).rejects.toMatchObject({ message: 'WORKER_SHUTDOWN' });
  });

  it('stops for a worker that shuts down, so that another one goes on', async () => {
    const run = given({ get: [read('running')] });
    run.onSleep(() => run.cancelAttempt('WORKER_SHUTDOWN'));
    await expect(run.cancel()).rejects.toMatchObject({ message: 'WORKER_SHUTDOWN' });
  });
});
