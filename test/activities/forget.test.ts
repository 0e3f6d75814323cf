import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { ForgetInput, ForgetReport } from '../../src/jobs/forget.js';
import type { JobRef } from '../../src/jobs/types.js';
import type { Provider } from '../../src/providers/provider.js';
import { memoryStore, type ResultStore, ResultStoreError } from '../../src/results/index.js';
import { assetListKey, assetPlanKey, claimKey, resultKey } from '../../src/results/result-key.js';
import { activityRun, failureOf } from '../support/activity-run.js';
import { fakeProvider, type FakeScript, read, vendorError } from '../support/fake-provider.js';
import { of, statesOf } from '../support/forget.js';

const job: JobRef = { provider: 'fake', account: 'fake', operation: 'parse', jobId: 'j1' };
const upload = { provider: 'fake', account: 'fake', reference: 'fake://1' };

/** A Temporal that knows nothing of anything. */
const client = {
  options: {
    namespace: 'default',
    loadedDataConverter: { payloadConverter: defaultPayloadConverter, payloadCodecs: [] },
  },
  workflowService: {
    describeWorkflowExecution: () => Promise.reject(Object.assign(new Error('not found'), { code: 5 })),
    describeNamespace: async () => ({}),
  },
  withDeadline: (_at: number, work: () => Promise<unknown>) => work(),
  withAbortSignal: (_signal: unknown, work: () => Promise<unknown>) => work(),
} as unknown as Client;

interface Given {
  vendor?: FakeScript;
  /** What the vendor says to deletions, in order; none: it deletes nothing. */
  deletes?: (boolean | Error)[];
  leftovers?: Provider['leftovers'];
  store?: ResultStore;
}

function given({ vendor = {}, deletes, leftovers, store = memoryStore() }: Given = {}) {
  const provider = Object.assign(
    fakeProvider({ get: [read('completed', {}), null], ...vendor }),
    leftovers === undefined ? {} : { leftovers },
  );
  const calls: string[] = [];
  if (deletes) {
    const answer = async (what: string): Promise<boolean> => {
      calls.push(what);
      const next = deletes.length > 1 ? deletes.shift() : deletes[0];
      if (next instanceof Error) throw next;
      return next ?? true;
    };
    provider.deleteJob = (id) => answer(`delete ${id}`);
    provider.deleteUpload = (id) => answer(`delete ${id}`);
  }
  const run = activityRun(provider, { results: store }, client);
  const forget = (input: ForgetInput = { jobs: [job] }, info?: Partial<Info>): Promise<ForgetReport> =>
    run.run(() => run.activities.forgetDocument({ input }), info);
  return { ...run, provider, calls, forget, store };
}

const put = (store: ResultStore, key: string) => store.put(key, Buffer.from('{}'), 'application/json');

describe('forgetDocument', () => {
  it('stops a job that runs before it has it deleted', async () => {
    const { forget, provider, calls } = given({
      vendor: { get: [read('running'), read('running'), read('cancelled'), read('cancelled')] },
      deletes: [true],
    });
    expect(statesOf(await forget())[0]).toBe('vendor_job parse erased');
    expect([provider.count('cancel'), calls]).toEqual([1, ['delete j1']]);
  });

  it('does not believe a vendor that goes on serving what it has deleted', async () => {
    const { forget } = given({ vendor: { get: [read('completed', {})] }, deletes: [true] });
    await expect(forget()).rejects.toMatchObject({
      nonRetryable: false,
      message: expect.stringContaining('still serves') as string,
    });
    expect(of(await forget({ jobs: [job], patience: 0 }), 'vendor_job')).toMatchObject([{ state: 'unreachable' }]);
  });

  it('has a job deleted whose status can’t be understood', async () => {
    const { forget, calls } = given({ vendor: { get: [vendorError('invalid_reply'), null] }, deletes: [true] });
    expect(statesOf(await forget())[0]).toBe('vendor_job parse erased');
    expect(calls).toEqual(['delete j1']);
  });

  it('reports a deletion that is refused, and erases everything else', async () => {
    const store = memoryStore();
    await put(store, resultKey(job));
    const { forget } = given({ deletes: [vendorError('rejected', { httpStatus: 409 }), true], store });
    const report = await forget({ jobs: [job], uploads: [upload] });
    expect(statesOf(report)).toEqual([
      'vendor_job parse refused',
      'vendor_upload erased',
      'result parse erased',
      'claim parse absent',
    ]);
    expect(of(report, 'vendor_job')[0]).toMatchObject({ httpStatus: 409 });
    expect(report.complete).toBe(false);
  });

  it('tells when a vendor that deletes nothing forgets by itself, and whom to ask', async () => {
    const completedAt = '2026-11-24T09:30:00.000Z';
    const leftovers = { afterMs: 3_600_000, how: 'ask the fake' };
    const expiring = given({ vendor: { get: [read('completed', {}, { completedAt })] }, leftovers });
    const report = await expiring.forget({ jobs: [job], uploads: [upload] });
    expect(of(report, 'vendor_job')).toMatchObject([{ state: 'expires', at: '2026-11-24T10:30:00.000Z' }]);
    expect(of(report, 'vendor_upload')).toMatchObject([{ state: 'cannot', how: 'ask the fake' }]);
    expect(report.complete).toBe(true);
    const expired = given({ vendor: { get: [read('expired')] }, leftovers });
    expect(statesOf(await expired.forget())[0]).toBe('vendor_job parse absent');
    const gone = given({ vendor: { get: [null] }, leftovers });
    expect(statesOf(await gone.forget())[0]).toBe('vendor_job parse absent');
  });

  it('remembers over attempts what it has erased, and asks for the rest again', async () => {
    const store = memoryStore();
    let isDown = true;
    const flaky: ResultStore = {
      ...store,
      head: (key) => (isDown ? Promise.reject(new ResultStoreError('flaky', true)) : store.head(key)),
    };
    await put(store, resultKey(job));
    await put(store, claimKey(job));
    const { forget, beats } = given({ deletes: [true, false], store: flaky });
    await expect(forget()).rejects.toMatchObject({ message: expect.stringContaining('2 of 3 places') as string });
    isDown = false;
    const report = await forget({ jobs: [job] }, { attempt: 2, heartbeatDetails: beats.at(-1) });
    expect(statesOf(report)).toEqual(['vendor_job parse erased', 'result parse erased', 'claim parse erased']);
    expect([await store.head(resultKey(job)), await store.head(claimKey(job))]).toEqual([null, null]);
  });

  it('deletes the result before its claim', async () => {
    const order: string[] = [];
    const store = memoryStore();
    const watched: ResultStore = { ...store, delete: (key) => (order.push(key), store.delete(key)) };
    await put(store, resultKey(job));
    await put(store, claimKey(job));
    await given({ deletes: [true], store: watched }).forget();
    expect(order).toEqual([resultKey(job), claimKey(job)]);
  });

  it('deletes the files that a result named, also those of a copying that was broken off, and what names them last', async () => {
    const store = memoryStore();
    const key = resultKey(job).replace('.json', '/assets/1-image.png');
    // Written down before the first copy: a copying that was broken off has no list.
    await store.put(assetPlanKey(job), Buffer.from(JSON.stringify([key])), 'application/json');
    await put(store, key);
    const report = await given({ deletes: [true], store }).forget();
    expect(of(report, 'asset').map(({ id, state }) => [id, state])).toEqual([
      [key, 'erased'],
      [assetListKey(job), 'absent'],
      [assetPlanKey(job), 'erased'],
    ]);
  });

  it('erases result and claim although the list of assets can’t be read', async () => {
    const store = memoryStore();
    await put(store, resultKey(job));
    const down = { ...store, get: () => Promise.reject(new ResultStoreError('flaky', true)) };
    const report = await given({ deletes: [true], store: down }).forget({ jobs: [job], patience: 0 });
    expect(statesOf(report).slice(1)).toEqual(['asset parse unreachable', 'result parse erased', 'claim parse absent']);
  });

  it('reports a store that refuses, or that keeps what it was told to delete', async () => {
    const store = memoryStore();
    await put(store, resultKey(job));
    const refusing = { ...store, delete: () => Promise.reject(new ResultStoreError('read-only', false)) };
    const refused = await given({ deletes: [true], store: refusing }).forget();
    expect(of(refused, 'result')).toMatchObject([{ state: 'refused', how: 'read-only' }]);
    const keeping = given({ deletes: [true], store: { ...store, delete: async () => undefined } });
    await expect(keeping.forget()).rejects.toMatchObject({
      nonRetryable: false,
      message: expect.stringContaining('still there') as string,
    });
  });

  it('waits as long as the vendor asks to before the next attempt', async () => {
    const { forget } = given({
      vendor: { get: [vendorError('rate_limited', { retryAfterMs: 7_000 })] },
      deletes: [true],
    });
    await expect(forget()).rejects.toMatchObject({ nextRetryDelay: 7_000 });
  });

  it('names what it can’t be: nothing at all, or a workflow that Temporal does not know', async () => {
    const { forget } = given();
    for (const input of [{}, { jobs: [] }, { workflowId: 'nobody' }] satisfies ForgetInput[]) {
      const failure = await failureOf(forget(input));
      expect(failure).toMatchObject({
        type: 'DocumentInputInvalid',
        details: { field: 'workflowId', operation: 'forget' },
      });
    }
  });

  it('touches nothing more when it is cancelled', async () => {
    const { forget, cancelAttempt, provider, calls } = given({ deletes: [true] });
    const get = provider.get.bind(provider);
    provider.get = (...args) => {
      cancelAttempt('CANCELLED');
      return get(...args);
    };
    await expect(forget({ jobs: [job], uploads: [upload] })).rejects.toThrow();
    expect(calls).not.toContain('delete fake://1');
  });
});
