/** `attempt.mjs PLAN`: one attempt of the real poll activity in a process of its own. Prints how it ended, unless it dies as planned. */
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { ApplicationFailure, noopMetricMeter } from '@temporalio/common';
import { createDocumentActivities, fileStore, pulse, reducto } from '../../../src/index.js';
import type { PollOutput } from '../../../src/jobs/activities.js';
import { s3Store } from '../../../src/results/s3/index.js';
import type { AttemptEnd, AttemptPlan } from './attempt-plan.js';
import { die, dieInCalls, dieInFiles, dyingStore, fillDisk } from './die-at.js';

const SCHEDULED_AT = Date.parse('2026-11-24T10:00:00Z');

const plan = JSON.parse(process.argv[2] ?? '{}') as AttemptPlan;
const { vendor, access, jobId, attempt, point } = plan;
const root = 'root' in plan.store ? plan.store.root : undefined;
dieInFiles(point, root);
if (plan.isDiskFull) fillDisk();
if (root === undefined) dieInCalls(point);

/** Time passes in the activity's own sleeps alone. */
let elapsedMs = 0;
const activities = createDocumentActivities({
  accounts: { [vendor]: vendor === 'reducto' ? reducto(access) : pulse(access) },
  results: dyingStore('root' in plan.store ? fileStore(plan.store.root) : s3Store(plan.store.s3), point),
  now: () => SCHEDULED_AT + elapsedMs,
  sleep: async (ms) => void (elapsedMs += ms),
});

const info = {
  attempt,
  activityId: 'poll',
  workflowExecution: { workflowId: 'w', runId: 'r' },
  heartbeatTimeoutMs: 120_000,
  scheduledTimestampMs: SCHEDULED_AT,
  currentAttemptScheduledTimestampMs: SCHEDULED_AT + attempt,
};
const context = {
  info,
  cancellationSignal: new AbortController().signal,
  heartbeat: () => undefined,
  metricMeter: noopMetricMeter,
} as unknown as Context;

async function poll(): Promise<AttemptEnd> {
  try {
    const job = { provider: vendor, account: vendor, operation: 'parse' as const, jobId };
    const collect = { results: 'inline' as const, inlineLimit: 65_536 };
    const input = { job, windowMs: 0, elapsedMs: 0, neverSeen: false, collect };
    return endOf(await asyncLocalStorage.run(context, () => activities.pollDocumentJob(input)));
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    const { type, message, nonRetryable } = error;
    return { state: 'failed', type: type ?? '', message, isFinal: nonRetryable === true };
  }
}

function endOf(output: PollOutput): AttemptEnd {
  if (output.state === 'completed') return { state: 'completed', stored: output.result.stored };
  if (output.state === 'pending') return { state: 'pending', trouble: output.trouble };
  return { state: 'other', what: output.state };
}

const end = await poll();
if (point === 'reported') await die();
process.stdout.write(JSON.stringify(end), () => process.exit());
