import { Readable } from 'node:stream';
import type { Info } from '@temporalio/activity';
import { describe, expect, it } from 'vitest';
import type { CancelOutput, PollOutput } from '../../src/jobs/activities.js';
import { memoryStore, type ObjectBody, ResultStoreError, type ResultStore } from '../../src/results/index.js';
import { readObject } from '../../src/results/read-object.js';
import { activityRun, failureOf, type ActivityRun } from '../support/activity-run.js';
import { fakeProvider, type FakeScript, NO_USAGE, readOnce, vendorError } from '../support/fake-provider.js';

const job = { provider: 'fake', account: 'fake', operation: 'parse' as const, jobId: 'job-1' };
const KEY = 'fake/fake/parse/job-1.json';
const CLAIM = 'fake/fake/parse/job-1.claim.json';
const known = { usage: { pages: 80, credits: 80 }, reference: 'extraction-1', pageCount: 80 };

interface Reader extends ActivityRun {
  poll: (info?: Partial<Info>) => Promise<PollOutput>;
  cancel: () => Promise<CancelOutput>;
}

function given(script: FakeScript, results: ResultStore = memoryStore()): Reader {
  const run = activityRun(fakeProvider(script), { results });
  const collect = { results: 'inline' as const, inlineLimit: 1_000 };
  const input = { job, windowMs: 0, elapsedMs: 0, neverSeen: false, collect };
  return {
    ...run,
    poll: (info) => run.run(() => run.activities.pollDocumentJob(input), info),
    cancel: () => run.run(() => run.activities.cancelDocumentJob({ job, settleMs: 0 }), { activityId: 'cancel' }),
  };
}

/** A body that is served once, as the vendor does: the second time it is gone. */
function servedOnce(...parts: string[]): { serve: () => Iterable<string>; opened: () => number } {
  let opened = 0;
  return {
    opened: () => opened,
    serve() {
      opened += 1;
      if (opened > 1) throw vendorError('consumed', { reason: '410 Gone' });
      return parts;
    },
  };
}

const bodyIn = async (store: ResultStore): Promise<string> =>
  Buffer.from((await readObject(store, KEY)) ?? []).toString();

describe('a body that the vendor serves once', () => {
  it('is claimed, stored whole as it came, and reported with what the status read told', async () => {
    const vendor = servedOnce('{"markdown":', '"# Ünïcode"}');
    const { poll, store } = given({ get: [readOnce(vendor.serve, known)] });
    const end = await poll();
    expect(end).toMatchObject({
      state: 'completed',
      result: { kind: 'parse', reference: 'extraction-1', pageCount: 80, stored: { key: KEY, size: 26 } },
    });
    expect(await bodyIn(store)).toBe('{"markdown":"# Ünïcode"}');
    expect(await store.head(CLAIM)).not.toBeNull();
  });

  it('is read back from the store when the status read did not tell enough', async () => {
    const vendor = servedOnce('{"whole":true}');
    const { poll } = given({
      get: [readOnce(vendor.serve)],
      interpret: [{ usage: NO_USAGE, reference: 'from-the-body', pageCount: 90 }],
    });
    expect(await poll()).toMatchObject({ result: { reference: 'from-the-body', usage: { pages: 3, credits: 4 } } });
  });

  it('is not asked for again by an attempt after a crash that left it whole in the store', async () => {
    const vendor = servedOnce('{}');
    const { poll } = given({ get: [readOnce(vendor.serve, known)] });
    await poll();
    expect(await poll({ attempt: 2 })).toMatchObject({ state: 'completed', result: { reference: 'extraction-1' } });
    expect(vendor.opened()).toBe(1);
  });

  it('is found in the store although the vendor has forgotten the job, with what only the status read told', async () => {
    const vendor = servedOnce('{}');
    const { poll } = given({ get: [readOnce(vendor.serve, known), null] });
    await poll();
    expect(await poll({ attempt: 2 })).toMatchObject({ state: 'completed', result: { reference: 'extraction-1' } });
  });

  it('is asked for again when an attempt died before it opened it: the vendor still serves it', async () => {
    const store = memoryStore();
    await store.put(CLAIM, Buffer.from('{"holder":"the dead attempt"}'), 'application/json');
    const vendor = servedOnce('{}');
    const { poll, elapsed } = given({ get: [readOnce(vendor.serve, known)] }, store);
    expect(await poll({ attempt: 2 })).toMatchObject({ state: 'completed' });
    expect(elapsed()).toBe(60_000);
  });

  it('that another attempt has read and lost ends typed, names the repair and keeps the reference', async () => {
    const vendor = servedOnce('{}');
    vendor.serve();
    const { poll } = given({ get: [readOnce(vendor.serve, known)] });
    const failure = await failureOf(poll());
    expect(failure.type).toBe('DocumentResultConsumed');
    expect(failure.details).toMatchObject({ jobId: 'job-1', reference: 'extraction-1' });
    expect(failure.message).toMatch(/extraction-1 still works.*run the parse again; the vendor bills it again/);
  });

  it('whose holder was only slow is taken from the store', async () => {
    const store = memoryStore();
    await store.put(CLAIM, Buffer.from('{"holder":"a slow attempt"}'), 'application/json');
    const vendor = servedOnce('{}');
    const reader = given({ get: [readOnce(vendor.serve, known)] }, store);
    let looks = 0;
    reader.onSleep(() => {
      looks += 1;
      if (looks === 3) void store.put(KEY, Buffer.from('{"theirs":1}'), 'application/json');
    });
    expect(await reader.poll({ attempt: 2 })).toMatchObject({ result: { stored: { size: 12 } } });
    expect(vendor.opened()).toBe(0);
  });

  it('broken off half way leaves nothing in the store and is tried again while the vendor serves it', async () => {
    let opened = 0;
    const serve = function* (): Iterable<string> {
      opened += 1;
      yield '{"half":';
      if (opened === 1) throw vendorError('unreachable', { reason: 'connection reset' });
      yield '1}';
    };
    const { poll, store } = given({ get: [readOnce(serve, known)] });
    expect(await poll()).toMatchObject({
      state: 'pending',
      trouble: expect.stringContaining('connection reset') as string,
    });
    expect(await store.head(KEY)).toBeNull();
    expect(await poll()).toMatchObject({ state: 'completed' });
    expect(await bodyIn(store)).toBe('{"half":1}');
  });

  it('survives a store that is in trouble after the download: it is on disk by then', async () => {
    const real = memoryStore();
    let refusals = 2;
    const store: ResultStore = {
      ...real,
      async put(key, body, contentType) {
        if (key === KEY && refusals-- > 0) throw new ResultStoreError('busy', true);
        return real.put(key, body, contentType);
      },
    };
    const vendor = servedOnce('{"a":1}');
    const { poll } = given({ get: [readOnce(vendor.serve, known)] }, store);
    expect(await poll()).toMatchObject({ state: 'completed' });
    expect(vendor.opened()).toBe(1);
    expect(await bodyIn(real)).toBe('{"a":1}');
  });

  it('that is on its way to a store in trouble gets there in spite of a cancellation: it cannot be had again', async () => {
    const real = memoryStore();
    let refusals = 3;
    const store: ResultStore = {
      ...real,
      async put(key, body, contentType) {
        if (key === KEY && refusals-- > 0) throw new ResultStoreError('busy', true);
        return real.put(key, body, contentType);
      },
    };
    const reader = given({ get: [readOnce(servedOnce('{"a":1}').serve, known)] }, store);
    reader.onSleep(() => reader.cancelAttempt('CANCELLED'));
    expect(await reader.poll()).toMatchObject({ state: 'completed' });
    expect(await bodyIn(real)).toBe('{"a":1}');
  });

  it('is not opened before the store has taken the claim', async () => {
    const put = (): Promise<never> => Promise.reject(new ResultStoreError('read-only', false));
    const vendor = servedOnce('{}');
    const { poll } = given({ get: [readOnce(vendor.serve, known)] }, { ...memoryStore(), put });
    expect((await failureOf(poll())).type).toBe('DocumentResultStoreRefused');
    expect(vendor.opened()).toBe(0);
  });
});

describe('a body that was read and can not be kept', () => {
  it('by a store that refuses only then: consumed, with the reason, since nobody can have it again', async () => {
    const real = memoryStore();
    const store: ResultStore = {
      ...real,
      put: async (key, body, contentType) => {
        if (key === KEY) throw new ResultStoreError('read-only', false);
        return real.put(key, body, contentType);
      },
    };
    const { poll } = given({ get: [readOnce(servedOnce('{}').serve, known)] }, store);
    const failure = await failureOf(poll());
    expect(failure.type).toBe('DocumentResultConsumed');
    expect(failure.message).toMatch(/it was read, but not kept: .*read-only/);
  });

  it('by a store that never looks at it leaves no file open behind', async () => {
    const real = memoryStore();
    const bodies: ObjectBody[] = [];
    const store: ResultStore = {
      ...real,
      async put(key, body, contentType) {
        if (key !== KEY) return real.put(key, body, contentType);
        bodies.push(body);
        throw new ResultStoreError('read-only', false);
      },
    };
    const { poll } = given({ get: [readOnce(servedOnce('{}').serve, known)] }, store);
    expect((await failureOf(poll())).type).toBe('DocumentResultConsumed');
    // The file is gone: only what was opened before could still be read.
    const body = Readable.from(bodies[0] as AsyncIterable<Uint8Array>);
    await expect(body.toArray()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('because its URL is refused: not consumed, since nobody has asked for it', async () => {
    const refused = vendorError('invalid_reply', { field: 'result.url', reason: 'the URL is refused' });
    const once = readOnce(() => [], known);
    const body = { kind: 'single_read' as const, known, open: () => Promise.reject(refused) };
    const failure = await failureOf(given({ get: [{ ...once, body }] }).poll());
    expect(failure).toMatchObject({ type: 'DocumentReplyInvalid', details: { field: 'result.url' } });
  });

  it('because it is too large: consumed at once, with the limit, instead of being asked for again', async () => {
    let opened = 0;
    const serve = function* (): Iterable<string> {
      opened += 1;
      yield '{';
      throw vendorError('invalid_reply', { reason: 'larger than limits.maxBodyBytes' });
    };
    const failure = await failureOf(given({ get: [readOnce(serve, known)] }).poll());
    expect(failure.message).toContain('larger than limits.maxBodyBytes');
    expect(opened).toBe(1);
  });
});

describe('a cancel that finds such a job completed', () => {
  it('keeps the body and says where', async () => {
    const vendor = servedOnce('{}');
    const { cancel } = given({ get: [readOnce(vendor.serve, known)] });
    expect(await cancel()).toMatchObject({
      outcome: 'completed_anyway',
      usage: { pages: 80, credits: 80 },
      stored: { key: KEY },
    });
  });

  it('finds the body that an attempt has stored of a job that the vendor has forgotten', async () => {
    const store = memoryStore();
    await store.put(KEY, Buffer.from('{}'), 'application/json');
    const { cancel } = given({ get: [null], cancel: [false] }, store);
    expect(await cancel()).toMatchObject({ outcome: 'completed_anyway', stored: { key: KEY } });
  });

  it('never opens what another has claimed', async () => {
    const store = memoryStore();
    await store.put(CLAIM, Buffer.from('{"holder":"a poll"}'), 'application/json');
    const vendor = servedOnce('{}');
    const { cancel, elapsed } = given({ get: [readOnce(vendor.serve, known)] }, store);
    const end = await cancel();
    expect(end).toMatchObject({ outcome: 'completed_anyway' });
    expect(end).not.toHaveProperty('stored');
    expect(vendor.opened()).toBe(0);
    expect(elapsed()).toBe(60_000);
  });
});
