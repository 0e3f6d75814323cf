import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { historyCost } from '../../src/client/index.js';
import type { BenchResult } from '../bench-result.js';
import { existing, quietRuntime } from '../environment.js';
import { createStage } from './stage.js';

const JOBS = 400;
/** Ends of jobs a second. */
const RATE = 20;
const COST_JOB_MS = 45_000;
const STARTS_AT_ONCE = 20;
/** What must hold, ms and counts. */
const MAX_P50 = 300;
const MAX_P99 = 1_000;
const MAX_EVENTS = 25;
const MAX_ACTIONS = 7;

/** From a job's end at the vendor, over its webhook, the receiver and Temporal, to the read that the woken workflow makes; and what such a job costs. */
export async function webhooks(): Promise<BenchResult> {
  quietRuntime();
  const env = await TestWorkflowEnvironment.createLocal({ server: { executable: await existing('cli') } });
  try {
    const lag = await measureLag(env);
    const cost = await measureCost(env);
    const figures = sorted(lag.lags);
    const at = (share: number): number => figures[Math.ceil(figures.length * share) - 1] ?? Infinity;
    return {
      rows: [
        { what: `lag of ${JOBS} jobs, ${RATE} ends a second`, 'p50 ms': at(0.5), 'p99 ms': at(0.99), 'max ms': at(1) },
        { what: `one job of ${COST_JOB_MS / 1_000} s`, events: cost.events, actions: cost.actions, reads: cost.reads },
      ],
      notes: [
        `lag: from the job's end to the arrival of the read that its workflow makes at the vendor; ${lag.reads} reads for ${JOBS} jobs`,
        'actions: billable ones, heartbeats that reached the server and the signal counted',
      ],
      broken: [
        ...(at(0.5) > MAX_P50 ? [`half of the jobs are read later than ${MAX_P50} ms`] : []),
        ...(at(0.99) > MAX_P99 ? [`one in a hundred is read later than ${MAX_P99} ms`] : []),
        ...(cost.events > MAX_EVENTS ? [`a job costs more than ${MAX_EVENTS} events`] : []),
        ...(cost.actions > MAX_ACTIONS ? [`a job costs more than ${MAX_ACTIONS} actions`] : []),
      ],
    };
  } finally {
    await env.teardown();
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

async function measureCost(env: TestWorkflowEnvironment): Promise<{ events: number; actions: number; reads: number }> {
  await using stage = await createStage(env, {});
  stage.sandbox.durations.set('parse', COST_JOB_MS);
  const handle = await stage.start('reducto', true);
  await handle.result();
  const { events, actions } = historyCost(await handle.fetchHistory());
  return { events, actions: actions + stage.heartbeats(), reads: stage.sandbox.ledger.counts().reads };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

const sorted = (figures: number[]): number[] => [...figures].sort((a, b) => a - b);
