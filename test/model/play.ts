import type { WorkflowHandle } from '@temporalio/client';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import { RECEIPT_MEMO } from '../../src/jobs/names.js';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { Receipt, ResultRef } from '../../src/jobs/types.js';
import { resultKey } from '../../src/results/index.js';
import { readObject } from '../../src/results/read-object.js';
import { historyText } from '../support/history-text.js';
import { inputOf } from './document.js';
import { type Lane, taskQueueOf } from './lane.js';
import type { Schedule } from './schedule.js';
import type { End, Seen } from './seen.js';
import type { Sabotage, World } from './world.js';

/** Real time in which any document ends: a heartbeat's time-out is not skipped. */
const HUNG_MS = 120_000;

/** Plays one schedule in a lane. @param source URL of the document. */
export async function play(
  lane: Lane,
  schedule: Schedule,
  source: string,
  sabotage: Sabotage = (same) => same,
): Promise<Seen> {
  const world = await lane.enter(schedule, sabotage);
  try {
    await lane.client.workflow.start('processDocument', {
      taskQueue: taskQueueOf(schedule),
      workflowId: world.handle.workflowId,
      args: [inputOf(schedule, source)],
    });
    await lane.releaseTime();
    const end = await endOf(world.handle);
    await world.settle();
    await lane.holdTime();
    if (end.kind === 'hung') await world.handle.terminate('it hangs');
    return await observe(world, lane, end);
  } finally {
    await lane.leave();
  }
}

async function endOf(handle: WorkflowHandle): Promise<End> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<End>((resolve) => (timer = setTimeout(() => resolve({ kind: 'hung' }), HUNG_MS)));
  const result = handle.result().then(
    (value: unknown): End => ({ kind: 'result', result: value as ProcessDocumentResult }),
    (error: unknown): End => failedEnd(error),
  );
  try {
    return await Promise.race([result, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function failedEnd(error: unknown): End {
  const cause = (error as { cause?: { name?: string; message?: string } }).cause;
  if (cause?.name === 'CancelledFailure') return { kind: 'cancelled' };
  const failure = findDocumentFailure(error);
  if (failure === undefined) return { kind: 'other', error: `${String(error)}: ${cause?.message ?? ''}` };
  const { type, message, details } = failure;
  return { kind: 'failed', type, message, details: details as unknown as Record<string, unknown> };
}

async function observe(world: World, { attempts }: Lane, end: End): Promise<Seen> {
  const { handle, sandbox, schedule, fired } = world;
  const [{ memo, raw }, { events }, history] = await Promise.all([
    handle.describe(),
    handle.fetchHistory(),
    historyText(handle),
  ]);
  const receipt = end.kind === 'result' ? end.result.receipt : ((memo?.[RECEIPT_MEMO] as Receipt) ?? null);
  const jobs = sandbox.ledger.jobs();
  const stored: Seen['stored'] = {};
  for (const { provider, operation, jobId } of jobs) {
    const key = resultKey({ provider, account: schedule.vendor, operation, jobId });
    const [facts, bytes] = [await world.bodies.head(key), await readObject(world.bodies, key)];
    if (facts === null || bytes === null) continue;
    stored[key] = {
      sha256: (facts satisfies Omit<ResultRef, 'key'>).sha256,
      text: Buffer.from(bytes).toString('utf8'),
    };
  }
  return {
    schedule,
    fired,
    end,
    receipt,
    jobs,
    submits: sandbox.ledger.submits(),
    reads: sandbox.ledger.counts().reads,
    cancels: world.cancels,
    stored,
    told: [history, JSON.stringify(memo ?? {}), JSON.stringify(attempts.takeBeats())].join('\n'),
    events: events?.length ?? 0,
    pending: raw.pendingActivities?.length ?? 0,
  };
}
