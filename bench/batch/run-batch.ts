import { setTimeout as sleep } from 'node:timers/promises';
import { batchEnd, batchStatus, startBatch } from '../../src/client/index.js';
import type { BatchRow, BatchStatus, ProcessBatchInput } from '../../src/jobs/batch.js';
import { latestBatchRows } from '../../src/index.js';
import type { Stage } from './stage.js';

/** What happens to a batch on its way, in order. */
export interface Accident {
  /** Share of the documents that have ended by then, 0 to 1. */
  at: number;
  happen: () => Promise<void>;
}

export interface Watched {
  accidents?: Accident[];
  /** Told of each look; null: nobody answers. */
  onLook?: (status: BatchStatus | null) => void;
  limitMs: number;
}

const LOOK_EVERY_MS = 1_000;

export const ended = ({ ended }: BatchStatus): number => Object.values(ended).reduce((sum, count) => sum + count, 0);

/** Starts a batch and waits for its end. @returns its last status. */
export async function runBatch(
  stage: Stage,
  input: ProcessBatchInput,
  watched: Watched & { workflowId?: string; rerun?: boolean },
): Promise<BatchStatus> {
  const { workflowId, rerun = false } = watched;
  const given = { taskQueue: stage.taskQueue, rerun, ...(workflowId === undefined ? {} : { workflowId }) };
  const { batchId, existing } = await startBatch(stage.client, input, given);
  if (existing !== 'no') throw new Error(`the batch was not started: it is ${existing}`);
  return watchBatch(stage, batchId, watched);
}

/** Waits for the end of a batch that runs. @throws Error when it fails, or takes longer than the limit. */
export async function watchBatch(stage: Stage, workflowId: string, watched: Watched): Promise<BatchStatus> {
  const accidents = [...(watched.accidents ?? [])];
  const until = Date.now() + watched.limitMs;
  while (Date.now() < until) {
    // Nobody answers while the server or the worker is down.
    const status = await batchStatus(stage.client, workflowId).catch(() => null);
    watched.onLook?.(status);
    if (status?.stage === 'ended') return resultOf(stage, workflowId);
    const [accident] = accidents;
    if (accident !== undefined && status?.documents && ended(status) >= accident.at * status.documents) {
      accidents.shift();
      await accident.happen();
    }
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`the batch has not ended in ${watched.limitMs / 60_000} minutes`);
}

async function resultOf({ client }: Stage, workflowId: string): Promise<BatchStatus> {
  const end = await batchEnd(client, workflowId);
  if (end.kind !== 'result') throw new Error(`the batch ended as ${JSON.stringify(end)}`);
  return end.result;
}

/** The last row of each document. */
export async function recordOf({ store }: Stage, batchId: string): Promise<BatchRow[]> {
  const rows: BatchRow[] = [];
  for await (const row of latestBatchRows(store, batchId)) rows.push(row);
  return rows;
}
