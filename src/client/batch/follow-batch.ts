import type { Client } from '@temporalio/client';
import type { BatchStatus } from '../../jobs/batch.js';
import { followRun, type Unanswered } from '../follow-run.js';
import { batchEnd, type BatchEnd } from './batch-end.js';
import { askBatch } from './batch-status.js';

export interface FollowBatchOptions {
  /** Ends the iteration without an end update. */
  signal?: AbortSignal;
}

/** What following a batch yields: changes of its status, then its end, once. */
export type BatchUpdate = { kind: 'status'; status: BatchStatus } | Unanswered | BatchEnd;

/**
 * Follows a batch to its end. An outage of Temporal is waited out. Status comes from a query, which costs one action: looks grow rarer with time,
 * from once a second to every 10 s.
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an unknown id.
 */
export function followBatch(
  client: Client,
  workflowId: string,
  { signal }: FollowBatchOptions = {},
): AsyncGenerator<BatchUpdate, void, void> {
  const read = (): Promise<BatchStatus | null> => askBatch(client, workflowId);
  return followRun({ client, workflowId, read, end: () => batchEnd(client, workflowId), gapMs, signal });
}

const gapMs = (elapsedMs: number): number => Math.min(10_000, Math.max(1_000, elapsedMs / 60));
