import { describe, expect, it } from 'vitest';
import type { PollInput, PollOutput } from '../../src/jobs/activities.js';
import type { JsonValue } from '../../src/jobs/json.js';
import { memoryStore, ResultStoreError, type ResultStore } from '../../src/results/index.js';
import type { JobRead, Provider } from '../../src/providers/provider.js';
import { activityRun } from '../support/activity-run.js';
import { fakeProvider, type FakeScript, NO_USAGE, read, vendorError } from '../support/fake-provider.js';

const job = { provider: 'fake', account: 'fake', operation: 'extract', jobId: 'job-1' } as const;
const input: PollInput = {
  job,
  windowMs: 60_000,
  elapsedMs: 0,
  neverSeen: false,
  collect: { results: 'inline', inlineLimit: 1_000 },
};
const first = { total: 12 };
const other = { total: 99 };

/** A vendor of scripted reads, whose bodies are the extracted values themselves. */
function given(get: FakeScript['get'], results = memoryStore()) {
  const interpret: Provider['interpret'] = (_operation, _jobId, body) => ({ usage: NO_USAGE, data: body as JsonValue });
  const provider = { ...fakeProvider({ get: get ?? [] }), interpret };
  const run = activityRun(provider, { results });
  const poll = (attempt = 1): Promise<PollOutput> =>
    run.run(() => run.activities.pollDocumentJob(input), { attempt, scheduledTimestampMs: run.now() });
  return { ...run, provider, poll };
}

const unreadable = (): JobRead => ({
  ...read('completed'),
  body: { kind: 'json', load: () => Promise.reject(vendorError('invalid_reply', { field: 'result' })) },
});
const failed = read('failed', undefined, { error: { code: 'LATE', reason: 'changed my mind', transient: true } });

describe('a result that is in the store is the job’s result, whatever the vendor says next', () => {
  it.each([
    ['Failed', failed],
    ['Cancelled', read('cancelled')],
    ['Completed, with another answer', read('completed', other)],
    ['that it does not know the job', null],
  ])('%s', async (_word, next) => {
    for (const attempt of [1, 2]) {
      const { poll, provider } = given([read('completed', first), next]);
      const seen = await poll();
      // Its completion never reached Temporal: another attempt, or another window, asks again.
      expect(await poll(attempt)).toMatchObject({
        state: 'completed',
        result: { data: first, stored: seen.state === 'completed' ? seen.result.stored : null },
      });
      expect(provider.count('submit')).toBe(0);
    }
  });

  it('InProgress', async () => {
    const { poll, elapsed } = given([read('completed', first), read('running')]);
    await poll();
    expect(await poll(2)).toMatchObject({ state: 'completed', result: { data: first } });
    expect(elapsed()).toBe(0);
  });

  it('and a store that can’t be asked does not keep another attempt from asking the vendor', async () => {
    const store = { head: () => Promise.reject(new ResultStoreError('away', true)) } as unknown as ResultStore;
    const { poll, provider, elapsed } = given([read('running')], store);
    expect(await poll(2)).toMatchObject({ state: 'pending' });
    expect(provider.count('get')).toBeGreaterThan(1);
    expect(elapsed()).toBe(60_000);
  });

  it('Failed, to who cancels the job', async () => {
    const { poll, run, activities } = given([read('completed', first), failed]);
    await poll();
    expect(await run(() => activities.cancelDocumentJob({ job, settleMs: 5_000 }))).toMatchObject({
      outcome: 'completed_anyway',
      stored: { key: 'fake/fake/extract/job-1.json' },
    });
  });
});

describe('a completion of which nothing could be had does not count', () => {
  it('Failed after it is a failure', async () => {
    const { poll, store } = given([unreadable(), failed]);
    expect(await poll()).toMatchObject({ state: 'failed', error: { code: 'LATE' } });
    expect(await store.head('fake/fake/extract/job-1.json')).toBeNull();
  });

  it('InProgress after it is waited out', async () => {
    const { poll } = given([unreadable(), read('running'), read('running'), read('completed', first)]);
    expect(await poll()).toMatchObject({ state: 'completed', reads: 4, result: { data: first } });
  });

  it('and one that comes and goes ends typed', async () => {
    const { poll } = given([unreadable(), read('running'), unreadable(), read('running'), unreadable()]);
    await expect(poll()).rejects.toMatchObject({ type: 'DocumentReplyInvalid' });
  });
});
