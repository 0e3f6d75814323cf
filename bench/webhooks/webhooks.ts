import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { historyCost, type HistoryCost } from '../../src/client/index.js';
import { mailboxWorkflowId } from '../../src/jobs/webhook.js';
import type { BenchResult } from '../bench-result.js';
import { existing, quietRuntime } from '../environment.js';
import { createStage, type VendorName } from './stage.js';

const JOBS = 400;
/** Ends of jobs a second. */
const RATE = 20;
const SHORT_JOB_MS = 45_000;
const LONG_JOB_MS = 30 * 60_000;
/** Of Pulse's, who keeps results for an hour: after half of that somebody looks in any case. */
const PULSE_JOB_MS = 20 * 60_000;
const STARTS_AT_ONCE = 20;
/** What must hold, ms and counts. */
const MAX_P50 = 300;
const MAX_P99 = 1_000;
const MAX_EVENTS = 25;
const MAX_ACTIONS = 7;
const MAX_READS = 1;

/** From a job's end at the vendor, over its webhook, the receiver and Temporal, to the read that the woken workflow makes; and what such a job costs. */
export async function webhooks(): Promise<BenchResult> {
  quietRuntime();
  const [env, skipping] = await Promise.all([
    TestWorkflowEnvironment.createLocal({ server: { executable: await existing('cli') } }),
    TestWorkflowEnvironment.createTimeSkipping({ server: { executable: await existing('test-server') } }),
  ]);
  try {
    const lag = await measureLag(env);
    const costs = [
      await measureCost(env, 'reducto', SHORT_JOB_MS),
      await measureCost(skipping, 'reducto', LONG_JOB_MS),
      await measureCost(skipping, 'pulse', PULSE_JOB_MS),
    ];
    const figures = sorted(lag.lags);
    const at = (share: number): number => figures[Math.ceil(figures.length * share) - 1] ?? Infinity;
    return {
      rows: [
        { what: `lag of ${JOBS} jobs, ${RATE} ends a second`, 'p50 ms': at(0.5), 'p99 ms': at(0.99), 'max ms': at(1) },
        ...costs.flatMap(rowsOf),
      ],
      notes: [
        `lag: from the job's end to the arrival of the read that its workflow makes at the vendor; ${lag.reads} reads for ${JOBS} jobs`,
        'actions: billable ones, the signal and the heartbeats that reached the server counted; simulated: Temporal, vendor and worker live by a server that skips time, and calls and reads are real ones over HTTP',
        'a job is expected to take what it takes, as a worker learns; a mailbox is a workflow beside the document and comes on top',
      ],
      broken: [
        ...(at(0.5) > MAX_P50 ? [`half of the jobs are read later than ${MAX_P50} ms`] : []),
        ...(at(0.99) > MAX_P99 ? [`one in a hundred is read later than ${MAX_P99} ms`] : []),
        ...costs.flatMap(brokenBy),
      ],
    };
  } finally {
    await Promise.all([env.teardown(), skipping.teardown()]);
  }
}

async function measureLag(env: TestWorkflowEnvironment): Promise<{ lags: number[]; reads: number }> {
  await using stage = await createStage(env, { sandbox: { faults: [{ job: 'stuck' }] } });
  const { sandbox, log } = stage;
  const handles: WorkflowHandle[] = [];
  while (handles.length < JOBS) {
    const some = Array.from({ length: STARTS_AT_ONCE }, () => stage.start('reducto', true));
    handles.push(...(await Promise.all(some)));
    await until(() => sandbox.ledger.jobs().length >= handles.length);
  }
  // The last ones are asleep when their submit has been reported.
  await sleep(2_000);
  const endedAt = new Map<string, number>();
  const ends: Promise<void>[] = [];
  for (const { jobId } of sandbox.ledger.jobs()) {
    endedAt.set(jobId, Date.now());
    ends.push(sandbox.jobs.finish(jobId));
    await sleep(1_000 / RATE);
  }
  await Promise.all([...ends, ...handles.map((handle) => handle.result())]);
  const reads = log.calls.filter(({ kind }) => kind === 'get');
  const lags = [...endedAt].map(([jobId, at]) => (reads.find((read) => read.jobId === jobId)?.at ?? Infinity) - at);
  return { lags, reads: reads.length };
}

interface Cost extends HistoryCost {
  what: string;
  heartbeats: number;
  reads: number;
  /** Where the vendor's calls name the job alone. */
  mailbox: HistoryCost | null;
}

async function measureCost(env: TestWorkflowEnvironment, vendor: VendorName, jobMs: number): Promise<Cost> {
  const time = env.supportsTimeSkipping
    ? { now: () => env.currentTimeMs(), sleep: (ms: number) => env.sleep(ms) }
    : undefined;
  await using stage = await createStage(env, { retentionMs: 'vendor', expectedMs: jobMs, ...(time && { time }) });
  const { sandbox } = stage;
  sandbox.durations.set('parse', jobMs);
  const handle = await stage.start(vendor, true);
  const timers = async (): Promise<number> =>
    (await handle.fetchHistory()).events?.filter((event) => event.timerStartedEventAttributes).length ?? 0;
  await until(async () => (await timers()) > 0);
  if (time !== undefined) await time.sleep(jobMs);
  // Time stands still until the call is there: it would be skipped to the end of the sleep.
  await until(() =>
    sandbox.ledger.webhooks().some(({ event, state }) => event !== 'job.created' && state === 'delivered'),
  );
  await handle.result();
  const { jobId } = sandbox.ledger.jobs()[0]!;
  const mailbox = env.client.workflow.getHandle(mailboxWorkflowId({ provider: vendor, account: vendor, jobId }));
  const hasMailbox = vendor === 'pulse';
  if (hasMailbox) await mailbox.result();
  const { events, actions } = historyCost(await handle.fetchHistory());
  const heartbeats = stage.heartbeats();
  return {
    what: `one job of ${jobMs / 1_000} s at ${vendor}${time === undefined ? '' : ', simulated'}`,
    events,
    actions: actions + heartbeats,
    heartbeats,
    reads: sandbox.ledger.counts().reads,
    mailbox: hasMailbox ? historyCost(await mailbox.fetchHistory()) : null,
  };
}

const rowsOf = ({ mailbox, what, ...figures }: Cost): object[] => [
  { what, ...figures },
  ...(mailbox === null ? [] : [{ what: 'its mailbox', ...mailbox }]),
];

function brokenBy({ what, events, actions, reads }: Cost): string[] {
  return [
    ...(events > MAX_EVENTS ? [`${what}: more than ${MAX_EVENTS} events`] : []),
    ...(actions > MAX_ACTIONS ? [`${what}: more than ${MAX_ACTIONS} actions`] : []),
    ...(reads > MAX_READS ? [`${what}: more than one read`] : []),
  ];
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

const sorted = (figures: number[]): number[] => [...figures].sort((a, b) => a - b);
