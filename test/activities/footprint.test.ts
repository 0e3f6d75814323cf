import { describe, expect, it } from 'vitest';
import { activitiesOf } from '../../src/histories/activities-of.js';
import { footprintOf, predecessorsOf } from '../../src/histories/footprint.js';
import type { HistoryEvent, Payloads, Temporal } from '../../src/histories/temporal-side.js';

/** Payloads hold their value as it is. */
const pack = (value: unknown): Payloads => ({ payloads: [value as never] });
const at = (seconds: number) => ({ eventTime: { seconds: seconds as never, nanos: 0 } });

let eventId = 0;
const scheduled = (type: string, input: unknown): HistoryEvent =>
  ({
    eventId: ++eventId,
    activityTaskScheduledEventAttributes: {
      activityId: String(eventId),
      activityType: { name: type },
      input: pack(input),
    },
  }) as never;
const completed = (of: HistoryEvent, result: unknown): HistoryEvent =>
  ({
    eventId: ++eventId,
    ...at(100),
    activityTaskCompletedEventAttributes: { scheduledEventId: of.eventId, result: pack(result) },
  }) as never;
const failed = (of: HistoryEvent, type: string): HistoryEvent =>
  ({
    activityTaskFailedEventAttributes: {
      scheduledEventId: of.eventId,
      failure: { applicationFailureInfo: { type } },
    },
  }) as never;
const timedOut = (of: HistoryEvent, beat?: unknown): HistoryEvent =>
  ({
    activityTaskTimedOutEventAttributes: {
      scheduledEventId: of.eventId,
      failure: { timeoutFailureInfo: beat === undefined ? {} : { lastHeartbeatDetails: pack(beat) } },
    },
  }) as never;
const started = (seconds: number, from?: string): HistoryEvent => ({
  ...at(seconds),
  workflowExecutionStartedEventAttributes: from ? { continuedExecutionRunId: from } : {},
});
const closed = (seconds: number): HistoryEvent => ({ ...at(seconds), workflowExecutionFailedEventAttributes: {} });

const account = { provider: 'p', account: 'a' };
const submit = (ordinal = 0): HistoryEvent =>
  scheduled('submitDocumentJob', {
    ...account,
    request: { operation: 'parse', input: 'u' },
    marker: { firstExecutionRunId: 'f', origin: 'doc', ordinal, resubmit: 0 },
  });
const accepted = (jobId: string) => ({ outcome: 'accepted', jobId, at: '2026-11-24T09:00:00.000Z', model: 'm-1' });

function temporal(
  histories: Record<string, HistoryEvent[] | null>,
  listed: string[],
  pending: { activityId: string; heartbeat: unknown }[] = [],
): Temporal {
  return {
    runs: async () => listed,
    historyIfKept: async (_id: string, runId: string) => histories[runId] ?? null,
    pendingActivities: async () => pending,
    decode: async (payloads: Payloads) => payloads?.payloads?.[0],
  } as unknown as Temporal;
}

const read = (events: HistoryEvent[], pending?: { activityId: string; heartbeat: unknown }[]) =>
  footprintOf(temporal({ r1: [started(1), ...events, closed(9)] }, ['r1'], pending), 'w');

describe('what a document has left', () => {
  it('is what its submits, polls and cancels tell of each job, once', async () => {
    const job = { ...account, operation: 'parse', jobId: 'j1' };
    const one = submit();
    const poll = scheduled('pollDocumentJob', { job });
    const stored = { key: 'k', size: 1, sha256: 'h', contentType: 'c' };
    const usage = { pages: 3, credits: 4 };
    const found = await read([
      one,
      completed(one, accepted('j1')),
      poll,
      completed(poll, { state: 'completed', reads: 1, result: { kind: 'parse', usage, stored } }),
      scheduled('getDocumentJob', { job: { ...job, jobId: 'anothers' } }),
    ]);
    expect(found?.jobs).toEqual([
      {
        job,
        request: { operation: 'parse', input: 'u' },
        origin: 'doc',
        model: 'm-1',
        submittedAt: '2026-11-24T09:00:00.000Z',
        endedAt: '1970-01-01T00:01:40.000Z',
        outcome: 'completed',
        usage,
        stored,
      },
    ]);
  });

  it('are uploads, but for what the vendor had or fetches itself', async () => {
    const [one, two] = ['file:///a.pdf', 'https://x/b.pdf'].map((source) =>
      scheduled('uploadDocument', { ...account, source }),
    );
    const found = await read([
      one!,
      completed(one!, { reference: 'up://1', uploaded: true, sha256: 'abc' }),
      two!,
      completed(two!, { reference: 'https://x/b.pdf', uploaded: false }),
    ]);
    expect(found?.uploads).toEqual([
      { ...account, source: 'file:///a.pdf', reference: 'up://1', uploaded: true, sha256: 'abc' },
      { ...account, source: 'https://x/b.pdf', reference: 'https://x/b.pdf', uploaded: false, sha256: null },
    ]);
  });

  it('is found in heartbeats where a submit did not live to say it', async () => {
    const [one, two] = [submit(0), submit(1)];
    const found = await read(
      [one, timedOut(one, { jobId: 'j1', posts: 1 }), two],
      [{ activityId: String(two.eventId), heartbeat: { jobId: 'j2', posts: 1 } }],
    );
    expect(found?.jobs.map(({ job }) => job.jobId)).toEqual(['j1', 'j2']);
    expect(found).toMatchObject({ unknownSubmits: 0, unended: 1 });
  });

  it('may be jobs that nobody can name', async () => {
    const [lost, looked, looking, doubtful, refused, open] = [0, 1, 1, 2, 3, 4].map(submit);
    const found = await read([
      lost!,
      completed(lost!, { outcome: 'unknown', reason: '', posts: 2 }),
      looked!,
      timedOut(looked!),
      looking!,
      completed(looking!, { outcome: 'not_accepted', lookedFor: true, posts: 0 }),
      doubtful!,
      failed(doubtful!, 'DocumentSubmitUnknown'),
      refused!,
      failed(refused!, 'DocumentSubmitRejected'),
      open!,
    ]);
    expect(found?.unknownSubmits).toBe(2 + 1 + 1);
  });

  it('is looked for in all runs: those that are listed, and those that these go on from', async () => {
    const submits = [0, 1, 2].map(submit);
    const histories = {
      r3: [started(30, 'r2'), submits[2]!, completed(submits[2]!, accepted('j3')), closed(39)],
      r2: [started(20), submits[1]!, completed(submits[1]!, accepted('j2')), closed(29)],
      other: [started(10), submits[0]!, completed(submits[0]!, accepted('j1')), closed(19)],
      gone: null,
    };
    const found = await footprintOf(temporal(histories, ['r3', 'other', 'gone']), 'w');
    expect(found?.jobs.map(({ job }) => job.jobId)).toEqual(['j1', 'j2', 'j3']);
    expect(found?.runs.map(({ runId }) => runId)).toEqual(['r3', 'r2', 'other']);
    expect(found?.runs.every(({ closedAt }) => closedAt !== null)).toBe(true);
    expect(await footprintOf(temporal({}, []), 'w')).toBeNull();
    expect(await footprintOf(temporal({ gone: null }, ['gone']), 'w')).toBeNull();
  });

  it('has an open run while the workflow runs, and names its children', async () => {
    const child = { childWorkflowExecutionStartedEventAttributes: { workflowExecution: { workflowId: 'c' } } };
    const found = await footprintOf(temporal({ r1: [started(1), child, child] }, ['r1']), 'w');
    expect(found).toMatchObject({ runs: [{ closedAt: null }], children: ['c'] });
  });
});

describe('a history', () => {
  it('names the run that was reset', () => {
    const reset = { workflowTaskFailedEventAttributes: { baseRunId: 'base', newRunId: 'new' } } as never;
    expect(predecessorsOf([started(1, 'before'), reset])).toEqual(['before', 'base']);
    expect(predecessorsOf([started(1)])).toEqual([]);
  });

  it('shows each activity with its end', () => {
    const [one, two] = [scheduled('a', 1), scheduled('b', 2)];
    expect(activitiesOf([one, two, completed(one, 'r')])).toMatchObject([
      { type: 'a', end: { result: pack('r'), at: 100_000 } },
      { type: 'b', end: null },
    ]);
  });
});
