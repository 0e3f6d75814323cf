import type { Client } from '@temporalio/client';
import type { BatchChange, BatchStatus } from '../../jobs/batch.js';
import { BATCH_UPDATE } from '../../jobs/names.js';

/**
 * Changes a running batch: pause and resume it, its window, pace or budget, or stop it (`cancel`). What is left out stays. Documents that are under
 * way go on, but for `cancel`, which has their jobs cancelled at the vendor.
 * @returns what the batch does now.
 * @throws {WorkflowUpdateFailedError} of `@temporalio/client` for a value out of range; {WorkflowNotFoundError} for an unknown id, or a batch that
 * has ended.
 */
export function changeBatch(client: Client, workflowId: string, change: BatchChange): Promise<BatchStatus> {
  return client.workflow
    .getHandle(workflowId)
    .executeUpdate<BatchStatus, [BatchChange]>(BATCH_UPDATE, { args: [change] });
}
