import { type Client, WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { BatchStatus } from '../../jobs/batch.js';
import { failureReport, type FailureReport } from '../document-end.js';
import { batchStatus } from './batch-status.js';

/** How a batch ended. Documents that failed are no failure of the batch: they stand in its record. */
export type BatchEnd =
  | { kind: 'result'; result: BatchStatus }
  | { kind: 'failed'; failure: FailureReport; status: BatchStatus | null }
  | { kind: 'cancelled'; status: BatchStatus | null };

/**
 * Waits for the end of a batch (for ever, if need be).
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an unknown id; {@link ServiceError} when Temporal can't be reached.
 */
export async function batchEnd(client: Client, workflowId: string): Promise<BatchEnd> {
  try {
    const result = (await client.workflow.getHandle(workflowId).result()) as BatchStatus;
    return { kind: 'result', result };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const status = await batchStatus(client, workflowId);
    if (error.cause instanceof CancelledFailure) return { kind: 'cancelled', status };
    return { kind: 'failed', failure: failureReport(error), status };
  }
}
