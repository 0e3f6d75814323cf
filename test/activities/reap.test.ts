import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { ReapActivityInput } from '../../src/jobs/activities.js';
import { closedWorkflowsQuery, newSweep, type ReapProgress, type ReapReport } from '../../src/jobs/reap.js';
import type { ListedJob } from '../../src/providers/provider.js';
import { activityRun, failureOf } from '../support/activity-run.js';
import { fakeProvider, type FakeScript, read, vendorError } from '../support/fake-provider.js';

const START = '2026-11-24T10:00:00.000Z';
const OURS = 'namespace-1';
const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);

interface FakeTemporal {
  /** Pages of closed workflows, by the last letter of their ids their jobs. */
  pages?: { workflowId: string; memo?: unknown }[][];
  /** Workflow id → first run of its open run. */
  open?: Record<string, string>;
  /** What a list answers instead. */
  refuses?: object;
}

/** A Temporal in which each workflow `wf-x` has submitted the job `job-x` at nine o'clock. */
function fakeClient({ pages = [], open = {}, refuses }: FakeTemporal): {
  client: Client;
  queries: string[];
  histories: string[];
} {
  const queries: string[] = [];
  const histories: string[] = [];
  const notFound = Object.assign(new Error('not found'), { code: 5 });
  const workflowService = {
    describeNamespace: async () => ({ namespaceInfo: { id: OURS } }),
    async listWorkflowExecutions({ query, nextPageToken }: { query: string; nextPageToken: Uint8Array }) {
      queries.push(query);
      if (refuses) throw Object.assign(new Error('refused'), refuses);
      const page = Number(Buffer.from(nextPageToken).toString() || '0');
      const executions = (pages[page] ?? []).map(({ workflowId, memo }) => ({
        execution: { workflowId, runId: `run-of-${workflowId}` },
        memo: memo === undefined ? null : { fields: { documentReceipt: payload(memo) } },
      }));
      return { executions, nextPageToken: Buffer.from(page + 1 < pages.length ? String(page + 1) : '') };
    },
    async describeWorkflowExecution({ execution }: { execution: { workflowId: string } }) {
      const firstRunId = open[execution.workflowId];
      if (firstRunId === undefined) throw notFound;
      return { workflowExecutionInfo: { status: 1, firstRunId } };
    },
  };
  const client = {
    options: {
      namespace: 'default',
      loadedDataConverter: { payloadConverter: defaultPayloadConverter, payloadCodecs: [] },
    },
    workflowService,
    withDeadline: (_at: number, work: () => Promise<unknown>) => work(),
    withAbortSignal: (_signal: unknown, work: () => Promise<unknown>) => work(),
    workflow: {
      getHandle: (workflowId: string) => ({
        async fetchHistory() {
          histories.push(workflowId);
          return { events: submitted(workflowId.replace('wf', 'job')) };
        },
      }),
    },
  };
  return { client: client as unknown as Client, queries, histories };
}

function submitted(jobId: string) {
  const input = {
    provider: 'fake',
    account: 'fake',
    request: { operation: 'parse', input: 'x' },
    marker: { firstExecutionRunId: 'first', origin: 'x', ordinal: 0, resubmit: 0 },
  };
  const output = { outcome: 'accepted', jobId, at: '2026-11-24T09:00:00.000Z' };
  return [
    { eventId: 1, workflowExecutionStartedEventAttributes: {} },
    {
      eventId: 5,
      activityTaskScheduledEventAttributes: {
        activityId: '1',
        activityType: { name: 'submitDocumentJob' },
        input: { payloads: [payload(input)] },
      },
    },
    {
      eventId: 7,
      activityTaskCompletedEventAttributes: { scheduledEventId: 5, result: { payloads: [payload(output)] } },
    },
  ];
}

function given(temporal: FakeTemporal, script: FakeScript = {}, listed?: ListedJob[][]) {
  const provider = fakeProvider({ get: [read('running')], ...script });
  if (listed) {
    provider.listJobs = async ({ cursor }) => {
      const page = Number(cursor ?? 0);
      return { jobs: listed[page] ?? [], nextCursor: page + 1 < listed.length ? String(page + 1) : null };
    };
  }
  const { client, ...seen } = fakeClient(temporal);
  const run = activityRun(provider, {}, client);
  const reap = (over: Partial<ReapActivityInput> = {}, info?: Partial<Info>): Promise<ReapProgress> =>
    run.run(() => run.activities.reapDocumentJobs({ input: { dryRun: true }, progress: null, ...over }), info);
  /** All pages. */
  async function sweep(): Promise<ReapProgress> {
    let progress = await reap();
    for (let page = 0; page < 20 && progress.next !== null; page++) progress = await reap({ progress });
    return progress;
  }
  return { ...run, ...seen, provider, reap, sweep };
}

const listed = (jobId: string, over: Partial<ListedJob> = {}): ListedJob => ({
  jobId,
  status: 'running',
  vendorStatus: 'InProgress',
  type: 'Parse',
  operation: 'parse',
  createdAt: '2026-11-24T09:00:00.000Z',
  pages: null,
  owner: { namespaceId: OURS, workflowId: `wf-of-${jobId}`, firstExecutionRunId: 'first' },
  ...over,
});
const outcomes = ({ orphans }: ReapProgress) => orphans.map(({ jobId, foundIn, outcome }) => [jobId, foundIn, outcome]);

describe('a sweep', () => {
  it('goes through all pages of workflows, then through the vendor’s', async () => {
    const pages = [[{ workflowId: 'wf-a' }], [{ workflowId: 'wf-b' }, { workflowId: 'wf-c' }]];
    const vendor = [[listed('job-x'), listed('job-a')], [listed('job-y')]];
    const { sweep } = given({ pages, open: { 'wf-b': 'first', 'wf-c': 'another' } }, {}, vendor);
    const report = await sweep();
    expect(outcomes(report)).toEqual([
      ['job-a', 'history', 'running'],
      ['job-c', 'history', 'running'],
      ['job-x', 'vendor', 'running'],
      ['job-y', 'vendor', 'running'],
    ]);
    expect(report).toMatchObject({ workflows: 3, suspects: 5, owned: 1, young: 0, notes: [] });
  });

  it('counts what it has cancelled, with its price, and nothing in a dry run', async () => {
    const script = { get: [read('running'), read('cancelled')] };
    const position = { part: 'vendors' as const, accounts: ['fake'] };
    for (const dryRun of [true, false]) {
      const { reap, metrics } = given({ pages: [[]] }, script, [[listed('job-x')]]);
      const first = await reap({ input: { dryRun } });
      const swept = await reap({ input: { dryRun }, progress: { ...first, next: position } });
      expect(outcomes(swept)).toEqual([['job-x', 'vendor', dryRun ? 'running' : 'cancelled']]);
      const counted = metrics
        .filter(({ name }) => /orphans|credits/.test(name))
        .map(({ name, value }) => [name, value]);
      expect(counted).toEqual(
        dryRun
          ? []
          : [
              ['document_jobs_orphans', 1],
              ['document_jobs_credits', 4],
            ],
      );
    }
  });

  it('takes of the vendor’s list what runs, is ours and is old enough', async () => {
    const others = { namespaceId: 'namespace-2', workflowId: 'wf', firstExecutionRunId: 'first' };
    const { owner: _, ...unmarked } = listed('unmarked');
    const jobs = [
      listed('done', { status: 'completed' }),
      listed('others', { owner: others }),
      unmarked,
      listed('young', { createdAt: '2026-11-24T09:58:00.000Z' }),
      listed('ageless', { createdAt: null }),
    ];
    const { sweep } = given({}, {}, [jobs]);
    const report = await sweep();
    expect(outcomes(report)).toEqual([['ageless', 'vendor', 'running']]);
    expect(report.young).toBe(1);
  });

  it.each([
    ['completed', [], 1, 0],
    ['cancelled', [], 1, 0],
    ['unknown', [['job-a', 'history', 'running']], 1, 1],
  ])(
    'reads no history of a workflow whose receipt says %s of its jobs',
    async (outcome, found, workflows, histories) => {
      const memo = { jobs: [{ outcome: 'completed' }, { outcome }] };
      const run = given({ pages: [[{ workflowId: 'wf-a', memo }]] });
      const report = await run.sweep();
      expect(outcomes(report)).toEqual(found);
      expect(report.workflows).toBe(workflows);
      expect(run.histories).toHaveLength(histories);
    },
  );

  it('says what it left out', async () => {
    expect((await given({}).sweep()).notes).toEqual([expect.stringMatching(/^fake: fake has no job list/)]);
    const failing = given({}, {}, [[]]);
    failing.provider.listJobs = () => Promise.reject(vendorError('server'));
    expect((await failing.sweep()).notes).toEqual([expect.stringMatching(/^fake: its job list was not searched/)]);
  });

  it('tells of a job that the vendor could not be asked about, and of a worker that lacks the account', async () => {
    const script = { get: [vendorError('unreachable')] };
    expect(await given({ pages: [[{ workflowId: 'wf-a' }]] }, script).sweep()).toMatchObject({
      orphans: [{ outcome: 'unknown', reason: expect.stringContaining('unreachable happened') as string }],
      unresolved: 1,
    });
    const elsewhere = given({}, {}, [[listed('job-x')]]);
    const report = await elsewhere.reap({
      input: { accounts: ['nobody'] },
      progress: { ...(await elsewhere.reap()), next: { part: 'vendors', accounts: ['nobody', 'fake'] } },
    });
    expect(report.notes).toEqual([expect.stringMatching(/^nobody: .*no account "nobody"/)]);
    expect(report.next).toEqual({ part: 'vendors', accounts: ['fake'] });
  });

  it('does not ask again about what an attempt before it has done', async () => {
    const { reap, beats, provider } = given({ pages: [[{ workflowId: 'wf-a' }, { workflowId: 'wf-b' }]] });
    const first = await reap();
    const before = provider.count('get');
    const second = await reap({}, { attempt: 2, heartbeatDetails: beats.at(-1) });
    expect(second).toEqual(first);
    expect(provider.count('get')).toBe(before);
  });
});

describe('the time that a sweep looks at', () => {
  const report = (over: Partial<ReapReport> = {}): ReapReport => {
    const {
      next: _next,
      seen: _seen,
      ...rest
    } = newSweep({
      dryRun: false,
      sweptFrom: '2026-11-23T09:50:00.000Z',
      sweptUntil: '2026-11-24T09:50:00.000Z',
    });
    return { ...rest, ...over };
  };
  const fromOf = async (over: Partial<ReapActivityInput>): Promise<string> => (await given({}).reap(over)).sweptFrom;

  it.each([
    ['a day', {}, '2026-11-23T10:00:00.000Z'],
    ['what is asked', { input: { since: '2h' } }, '2026-11-24T08:00:00.000Z'],
    ['where the last sweep left off, and some more', { previous: report() }, '2026-11-24T08:45:00.000Z'],
    ['what is asked, whatever was before', { previous: report(), input: { since: '10h' } }, '2026-11-24T00:00:00.000Z'],
    ['a day, when the last one only looked', { previous: report({ dryRun: true }) }, '2026-11-23T10:00:00.000Z'],
    [
      'a day, when the last one could not stop all',
      { previous: report({ unresolved: 1 }) },
      '2026-11-23T10:00:00.000Z',
    ],
    ['a day, when a lease may have ended since', { previous: report({ owned: 1 }) }, '2026-11-23T10:00:00.000Z'],
    ['a day at most', { previous: report({ sweptUntil: '2026-11-01T00:00:00.000Z' }) }, '2026-11-23T10:00:00.000Z'],
  ])('is %s', async (_what, over, from) => {
    expect(await fromOf({ input: {}, ...over })).toBe(from);
  });

  it('ends when it begins, also for its later pages', async () => {
    const { reap, queries } = given({ pages: [[], []] });
    const first = await reap();
    await reap({ progress: first });
    expect(first.sweptUntil).toBe(START);
    expect(queries[1]).toBe(queries[0]);
  });
});

describe('the visibility query', () => {
  const times = { sweptFrom: 'A', sweptUntil: 'B' };
  it.each([
    [
      {},
      `(WorkflowType IN ('own') AND ExecutionStatus IN ('Terminated', 'TimedOut', 'Failed', 'Canceled')) AND CloseTime >= 'A' AND CloseTime < 'B'`,
    ],
    [
      { workflowTypes: ['invoice', 'own', "o'clock"] },
      `(WorkflowType IN ('own', 'invoice', 'o''clock') AND ExecutionStatus IN ('Terminated', 'TimedOut', 'Failed', 'Canceled')) AND CloseTime >= 'A' AND CloseTime < 'B'`,
    ],
    [{ query: 'TaskQueue = "q" OR x = 1' }, `(TaskQueue = "q" OR x = 1) AND CloseTime >= 'A' AND CloseTime < 'B'`],
  ])('for %j', (input, query) => {
    expect(closedWorkflowsQuery(input, ['own'], times)).toBe(query);
  });

  it('that Temporal refuses is the user’s to mend', async () => {
    const refused = given({ refuses: { code: 3, details: 'no such attribute' } }).reap({ input: { query: 'x' } });
    expect(await failureOf(refused)).toMatchObject({
      type: 'DocumentInputInvalid',
      details: { field: 'query' },
      message: expect.stringContaining('no such attribute') as string,
    });
    await expect(given({ refuses: { code: 14 } }).reap()).rejects.toThrow('refused');
  });
});
