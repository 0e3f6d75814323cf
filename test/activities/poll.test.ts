import type { Info } from '@temporalio/activity';
import { describe, expect, it } from 'vitest';
import type { PollInput, PollOutput } from '../../src/jobs/activities.js';
import { ResultStoreError, type ResultStore } from '../../src/results/index.js';
import { readObject } from '../../src/results/read-object.js';
import { sha256 } from '../../src/results/sha256.js';
import { activityRun, failureOf, type ActivityRun } from '../support/activity-run.js';
import {
  fakeProvider,
  type FakeProvider,
  type FakeScript,
  NO_USAGE,
  read,
  snapshot,
  vendorError,
} from '../support/fake-provider.js';

const input = (over: Partial<PollInput> = {}): PollInput => ({
  job: { provider: 'fake', account: 'fake', operation: 'parse', jobId: 'job-1' },
  windowMs: 360_000,
  elapsedMs: 0,
  neverSeen: false,
  collect: { results: 'inline', inlineLimit: 1_000 },
  ...over,
});

interface Polled extends ActivityRun {
  provider: FakeProvider;
  poll: (over?: Partial<PollInput>, info?: Partial<Info>) => Promise<PollOutput>;
}

function given(script: FakeScript, results?: ResultStore): Polled {
  const provider = fakeProvider(script);
  const run = activityRun(provider, results === undefined ? {} : { results });
  return { ...run, provider, poll: (over, info) => run.run(() => run.activities.pollDocumentJob(input(over)), info) };
}

const times = <T>(n: number, value: T): T[] => Array<T>(n).fill(value);

it('measures for how long a job had ended and its result waited to be copied, without naming it', async () => {
  const done = read('completed', { text: 'x' }, { completedAt: '2026-11-24T09:58:30Z' });
  const ages = ({ metrics }: Polled) => metrics.filter(({ name }) => /_age$|_lag$/.test(name));
  const known = given({ get: [done] });
  await known.poll();
  const tags = { provider: 'fake', operation: 'parse' };
  expect(ages(known)).toMatchObject([
    { name: 'document_jobs_wait_lag', value: 90_000, tags },
    { name: 'document_jobs_uncopied_age', value: 90_000, tags },
  ]);
  const unknown = given({ get: [read('completed', { text: 'x' })] });
  await unknown.poll();
  expect(ages(unknown)).toEqual([]);
});

describe('a window', () => {
  it('reads until the job is done, and collects at once', async () => {
    const { poll, store, provider } = given({
      get: [read('queued'), read('running'), read('completed', { text: 'x' })],
    });
    const end = await poll();
    expect(end).toMatchObject({
      state: 'completed',
      reads: 3,
      vendorStatus: 'COMPLETED',
      result: { kind: 'parse', reference: 'jobid://job-1', pageCount: 3, usage: { pages: 3, credits: 4 } },
    });
    expect(Buffer.from((await readObject(store, 'fake/fake/parse/job-1.json')) ?? []).toString()).toBe('{"text":"x"}');
    expect(provider.count('cancel')).toBe(0);
  });

  it('that ends first gives the last snapshot, read at its very end', async () => {
    const { poll, elapsed } = given({ get: [read('running', undefined, { progress: 40 })] });
    expect(await poll({ windowMs: 10_500 })).toEqual({
      state: 'pending',
      snapshot: snapshot('running', { progress: 40 }),
      reads: expect.any(Number) as number,
    });
    expect(elapsed()).toBe(10_500);
  });

  it('of 0 is one read, no sleep and no heartbeat', async () => {
    const { poll, elapsed, beats } = given({ get: [read('running')] });
    expect(await poll({ windowMs: 0 })).toMatchObject({ state: 'pending', reads: 1 });
    expect(elapsed()).toBe(0);
    expect(beats).toEqual([]);
  });

  it('half used by a worker that died closes when it should have, and its reads count on', async () => {
    const { poll, elapsed } = given({ get: [read('running')] });
    const scheduledTimestampMs = Date.parse('2026-11-24T10:00:00Z') - 300_000;
    const end = await poll({}, { attempt: 2, scheduledTimestampMs, heartbeatDetails: { jobId: 'job-1', reads: 30 } });
    expect(elapsed()).toBe(60_000);
    expect(end.reads).toBeGreaterThan(30);
  });

  it('spaces its reads by the age of the job', async () => {
    const young = given({ get: [read('running')] });
    const old = given({ get: [read('running')] });
    expect((await young.poll({ windowMs: 60_000 })).reads).toBeGreaterThan(30);
    expect((await old.poll({ windowMs: 60_000, elapsedMs: 3_600_000 })).reads).toBeLessThanOrEqual(6);
  });
});

describe('heartbeats', () => {
  it('come at once, then rarely, and say what is known', async () => {
    const { poll, beats } = given({ get: [read('running', undefined, { progress: 7 })] });
    await poll({}, { heartbeatTimeoutMs: 120_000 });
    expect(beats[0]).toEqual({ jobId: 'job-1', lastStatus: null, progress: null, reads: 0 });
    expect(beats.at(-1)).toMatchObject({ jobId: 'job-1', lastStatus: 'RUNNING', progress: 7 });
    expect(beats.length).toBeGreaterThanOrEqual(5);
    expect(beats.length).toBeLessThanOrEqual(7);
  });

  it('are never further apart than the time-out allows, even in the longest sleeps', async () => {
    const run = given({ get: [vendorError('server')] });
    await run.poll({}, { heartbeatTimeoutMs: 30_000 });
    const gaps = run.beatTimes.slice(1).map((ms, i) => ms - (run.beatTimes[i] ?? 0));
    expect(gaps.length).toBeGreaterThan(8);
    expect(Math.max(...gaps)).toBe(18_000);
    expect(Math.min(...gaps)).toBe(18_000);
  });
});

describe('trouble while reading is waited out', () => {
  it.each(['unreachable', 'rate_limited', 'server', 'auth', 'rejected', 'invalid_reply'] as const)(
    '%s',
    async (kind) => {
      const { poll } = given({ get: [vendorError(kind), vendorError(kind), read('completed', {})] });
      expect(await poll()).toMatchObject({ state: 'completed', reads: 3 });
    },
  );

  it('and told when the window ends in it', async () => {
    const { poll } = given({ get: [read('running'), vendorError('server')] });
    expect(await poll()).toMatchObject({
      state: 'pending',
      snapshot: snapshot('running'),
      trouble: 'POST /fake: server happened',
    });
  });

  it('but not when it passed', async () => {
    const { poll } = given({ get: [vendorError('server'), read('running')] });
    expect(await poll({ windowMs: 5_000 })).not.toHaveProperty('trouble');
  });

  it('costs few reads, however long the storm', async () => {
    const { poll } = given({ get: [vendorError('server')] });
    expect((await poll({ windowMs: 360_000 })).reads).toBeLessThanOrEqual(13);
  });

  it('a whole document in a storm costs at most 40 reads', async () => {
    let reads = 0;
    for (let job = 0; job < 3; job++) {
      const { poll } = given({ get: [...times(8, vendorError('server')), read('running'), read('completed', {})] });
      reads += (await poll()).reads;
    }
    expect(reads).toBeLessThanOrEqual(40);
  });

  it('leaves the vendor in peace for as long as it asks', async () => {
    const { poll, elapsed } = given({
      get: [vendorError('rate_limited', { retryAfterMs: 90_000 }), read('completed', {})],
    });
    await poll();
    expect(elapsed()).toBe(90_000);
  });

  it('past the end of the window too', async () => {
    const { poll, provider, elapsed } = given({ get: [vendorError('rate_limited', { retryAfterMs: 90_000 })] });
    expect(await poll({ windowMs: 60_000 })).toMatchObject({ state: 'pending', reads: 1, retryAfterMs: 30_000 });
    expect(provider.count('get')).toBe(1);
    expect(elapsed()).toBe(60_000);
    const single = given({ get: [vendorError('rate_limited', { retryAfterMs: 90_000 })] });
    expect(await single.poll({ windowMs: 0 })).toMatchObject({ retryAfterMs: 90_000 });
  });
});

describe('other ends', () => {
  const error = { code: 'BAD', reason: 'no', transient: false };
  it.each<[string, FakeScript['get'], Partial<PollInput>, object]>([
    [
      'failed',
      [read('failed', undefined, { error })],
      {},
      { state: 'failed', error, vendorStatus: 'FAILED', usage: { pages: 3, credits: 4 } },
    ],
    ['failed without a word', [read('failed')], {}, { state: 'failed', error: { code: null, transient: false } }],
    ['cancelled', [read('cancelled')], {}, { state: 'cancelled', vendorStatus: 'CANCELLED' }],
    ['expired', [read('expired')], {}, { state: 'lost' }],
    ['404 of a job that was submitted', [null], {}, { state: 'lost' }],
    ['404 of a job that nobody has seen', [null], { neverSeen: true }, { state: 'not_found' }],
    ['404 after trouble', [vendorError('server'), null], { neverSeen: true }, { state: 'not_found' }],
    ['404 after it was seen in this window', [read('running'), null], { neverSeen: true }, { state: 'lost' }],
  ])('%s', async (_name, get, over, end) => {
    expect(await given({ get: get ?? [] }).poll(over)).toMatchObject(end);
  });

  it('404 after an earlier attempt had seen it', async () => {
    const info = { attempt: 2, heartbeatDetails: { jobId: 'job-1', lastStatus: 'RUNNING', reads: 1 } };
    expect(await given({ get: [null] }).poll({ neverSeen: true }, info)).toMatchObject({ state: 'lost' });
  });
});

describe('cancellation', () => {
  it('ends the wait with its own reason and touches nothing at the vendor', async () => {
    const run = given({ get: [read('running')] });
    run.onSleep(() => run.cancelAttempt('CANCELLED'));
    await expect(run.poll()).rejects.toMatchObject({ name: 'CancelledFailure', message: 'CANCELLED' });
    expect(run.provider.count('cancel')).toBe(0);
  });

  it('is not taken for trouble when the provider wraps it', async () => {
    const provider: FakeProvider = {
      ...fakeProvider(),
      get: async () => {
        run.cancelAttempt('WORKER_SHUTDOWN');
        throw vendorError('unreachable');
      },
    };
    const run = activityRun(provider);
    const poll = run.run(() => run.activities.pollDocumentJob(input({ windowMs: 0 })));
    await expect(poll).rejects.toMatchObject({ message: 'WORKER_SHUTDOWN' });
  });

  it('that comes while a result is copied waits for the copy', async () => {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const facts = { size: 2, sha256: sha256(Buffer.from('{}')), contentType: 'application/json' };
    const store = { put: async () => (begin(), await finished, facts) } as unknown as ResultStore;
    const run = given({ get: [read('completed', {})] }, store);
    const end = run.poll();
    await begun;
    run.cancelAttempt('CANCELLED');
    finish();
    expect(await end).toMatchObject({ state: 'completed', result: { stored: facts } });
  });

  it('is not held up by a store that fails', async () => {
    const store = { put: () => Promise.reject(new ResultStoreError('no space left', true)) } as unknown as ResultStore;
    const run = given({ get: [read('completed', {})] }, store);
    run.onSleep(() => run.cancelAttempt('CANCELLED'));
    await expect(run.poll()).rejects.toMatchObject({ name: 'CancelledFailure' });
  });
});

describe('collecting', () => {
  const job = { provider: 'fake', account: 'fake', operation: 'extract' as const, jobId: 'job-1' };
  const extract = (data: unknown, citations?: unknown): FakeScript => ({
    get: [read('completed', { raw: true })],
    interpret: [
      { usage: NO_USAGE, data: data as never, ...(citations === undefined ? {} : { citations: citations as never }) },
    ],
  });
  const big = 'x'.repeat(2_000);

  it.each([
    ['inline', { data: { a: 1 }, citations: [1] }],
    ['auto', { data: { a: 1 }, citations: [1] }],
    ['stored', {}],
  ] as const)('results: %s', async (results, inline) => {
    const { poll } = given(extract({ a: 1 }, [1]));
    const end = await poll({ job, collect: { results, inlineLimit: 1_000 } });
    const { usage: _usage, stored, ...rest } = (end as { result: Record<string, unknown> }).result;
    expect(rest).toEqual({ kind: 'extract', ...inline });
    expect(stored).toMatchObject({ key: 'fake/fake/extract/job-1.json', contentType: 'application/json' });
  });

  it('too large: fails when inline was demanded, stays in the store otherwise', async () => {
    const inline = given(extract(big));
    expect(await failureOf(inline.poll({ job }))).toMatchObject({
      type: 'DocumentResultTooLarge',
      details: { jobId: 'job-1', limit: 1_000, stored: { key: 'fake/fake/extract/job-1.json' } },
    });
    expect(await inline.store.head('fake/fake/extract/job-1.json')).not.toBeNull();
    const auto = await given(extract(big)).poll({ job, collect: { results: 'auto', inlineLimit: 1_000 } });
    expect((auto as { result: object }).result).not.toHaveProperty('data');
  });

  it('auto gives up citations before the value', async () => {
    const end = await given(extract({ a: 1 }, big)).poll({ job, collect: { results: 'auto', inlineLimit: 1_000 } });
    const { result } = end as { result: object };
    expect(result).toMatchObject({ data: { a: 1 } });
    expect(result).not.toHaveProperty('citations');
  });

  it('counts bytes, not characters', async () => {
    const { poll } = given(extract('ü'.repeat(600)));
    expect(await failureOf(poll({ job }))).toMatchObject({ details: { size: 1_200 + 11 } });
  });

  it('checks extracted data, also when it stays in the store', async () => {
    const schema = { type: 'object', properties: { total: { type: 'number' } } };
    const failure = await failureOf(
      given(extract({ total: 'SECRET' })).poll({ job, collect: { results: 'stored', inlineLimit: 1_000, schema } }),
    );
    expect(failure).toMatchObject({
      type: 'ExtractedDataInvalid',
      details: { jobId: 'job-1', issues: [{ path: '/total', message: 'must be number' }], stored: { size: 12 } },
    });
    expect(JSON.stringify(failure)).not.toContain('SECRET');
  });

  it('drops nulls that the schema does not know', async () => {
    const schema = { type: 'object', properties: { total: { type: 'number' } } };
    const end = await given(extract({ total: null })).poll({
      job,
      collect: { results: 'inline', inlineLimit: 1_000, schema },
    });
    expect(end).toMatchObject({ result: { data: {} } });
  });

  it('sections and other values travel by the same rules', async () => {
    const sections = [{ name: 'a', pages: [1] }];
    const split = given({ get: [read('completed', {})], interpret: [{ usage: NO_USAGE, sections }] });
    expect(await split.poll({ job: { ...job, operation: 'split' } })).toMatchObject({
      result: { kind: 'split', sections },
    });
    const other = given({ get: [read('completed', {})], interpret: [{ usage: NO_USAGE, value: [1] }] });
    expect(await other.poll({ job: { ...job, operation: 'pipeline' } })).toMatchObject({
      result: { kind: 'other', value: [1] },
    });
  });

  it('a body that cannot be understood is read again, and not stored', async () => {
    const { poll, store } = given({
      get: [read('completed', { bad: true }), read('completed', { good: true })],
      interpret: [vendorError('invalid_reply'), { usage: NO_USAGE, reference: 'jobid://job-1' }],
    });
    expect(await poll()).toMatchObject({ state: 'completed', reads: 2 });
    expect(Buffer.from((await readObject(store, 'fake/fake/parse/job-1.json')) ?? []).toString()).toBe('{"good":true}');
  });

  it('a body that stays so ends typed instead of being fetched until the deadline: the job is paid', async () => {
    const { poll, store, provider } = given({
      get: [read('completed', { odd: true })],
      interpret: [vendorError('invalid_reply', { field: 'result.chunks' })],
    });
    const failure = await failureOf(poll());
    expect(failure).toMatchObject({
      type: 'DocumentReplyInvalid',
      details: { jobId: 'job-1', field: 'result.chunks' },
      message: expect.stringContaining('done and paid') as string,
    });
    expect(provider.count('get')).toBe(3);
    expect(await store.head('fake/fake/parse/job-1.json')).toBeNull();
  });

  it('a job that the vendor has forgotten is completed all the same when its body is in the store', async () => {
    const { poll, store } = given({ get: [null] });
    await store.put('fake/fake/parse/job-1.json', Buffer.from('{"kept":1}'), 'application/json');
    expect(await poll()).toMatchObject({ state: 'completed', result: { kind: 'parse', stored: { size: 10 } } });
  });

  it('asks a store that may recover again', async () => {
    let puts = 0;
    const store = {
      put: async () => {
        if (++puts < 4) throw new ResultStoreError('no space left', true);
        return { size: 2, sha256: sha256(Buffer.from('{}')), contentType: 'application/json' };
      },
    } as unknown as ResultStore;
    const { poll, provider } = given({ get: [read('completed', {})] }, store);
    expect(await poll()).toMatchObject({ state: 'completed' });
    expect(puts).toBe(4);
    expect(provider.count('get')).toBe(1);
  });

  it('a store that stays in trouble fails the attempt, to be retried', async () => {
    const store = { put: () => Promise.reject(new ResultStoreError('no space left', true)) } as unknown as ResultStore;
    const { poll } = given({ get: [read('completed', {})] }, store);
    await expect(poll()).rejects.toMatchObject({ type: 'DocumentVendorTrouble', nonRetryable: false });
  });

  it('a store that refuses fails for good, with the job id', async () => {
    const store = { put: () => Promise.reject(new ResultStoreError('read-only', false)) } as unknown as ResultStore;
    const { poll } = given({ get: [read('completed', {})] }, store);
    expect(await failureOf(poll())).toMatchObject({
      type: 'DocumentResultStoreRefused',
      details: { jobId: 'job-1', reason: 'read-only' },
    });
  });
});

describe('what a worker learns', () => {
  it('is told to the next submit', async () => {
    const { poll, run, activities } = given({ get: [...times(20, read('running')), read('completed', {})] });
    await poll({ elapsedMs: 20_000 });
    const submit = (operation: 'parse' | 'split'): Promise<unknown> =>
      run(() =>
        activities.submitDocumentJob({
          provider: 'fake',
          account: 'fake',
          request: { operation, input: 'https://x/a.pdf' },
          marker: { firstExecutionRunId: 'r', origin: 'a', ordinal: 0, resubmit: 0 },
          lookFirst: 'no' as const,
          since: '2026-11-24T10:00:00.000Z',
        }),
      );
    const learned = (await submit('parse')) as { expectedMs: number };
    expect(learned.expectedMs).toBeGreaterThan(38_000);
    expect(learned.expectedMs).toBeLessThan(59_000);
    expect(await submit('split')).toMatchObject({ expectedMs: 60_000 });
  });

  it('is nothing from a job of unknown age', async () => {
    const { poll, run, activities } = given({ get: [read('completed', {})] });
    await poll({ neverSeen: true, elapsedMs: 5 });
    const submitted = await run(() =>
      activities.submitDocumentJob({
        provider: 'fake',
        account: 'fake',
        request: { operation: 'parse', input: 'https://x/a.pdf' },
        marker: { firstExecutionRunId: 'r', origin: 'a', ordinal: 0, resubmit: 0 },
        lookFirst: 'no' as const,
        since: '2026-11-24T10:00:00.000Z',
      }),
    );
    expect(submitted).toMatchObject({ expectedMs: 60_000 });
  });
});
