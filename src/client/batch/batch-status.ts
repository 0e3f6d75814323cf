import type { Client } from '@temporalio/client';
import type { BatchForecast } from '../../jobs/batch-forecast.js';
import type { BatchStatus } from '../../jobs/batch.js';
import { BATCH_FORECAST_MEMO, BATCH_MEMO, BATCH_STATUS_QUERY } from '../../jobs/names.js';
import { askWorkflow } from '../read-status.js';

/**
 * What a batch is doing, or how it ended: asked of the workflow while it runs (a query, one action), its result when it has completed, what it left
 * in its memo when it was cancelled or failed.
 * @returns null when it runs and no worker answers within 3 s, or when it left nothing (it was terminated).
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an unknown id.
 */
export async function batchStatus(client: Client, workflowId: string): Promise<BatchStatus | null> {
  const handle = client.workflow.getHandle(workflowId);
  const { status, memo } = await handle.describe();
  if (status.name === 'RUNNING') return askBatch(client, workflowId);
  if (status.name === 'COMPLETED') return (await handle.result()) as BatchStatus;
  return (memo?.[BATCH_MEMO] as BatchStatus | undefined) ?? null;
}

/** Of a batch that runs: half the calls. @returns null when nobody answers. */
export const askBatch = (client: Client, workflowId: string): Promise<BatchStatus | null> =>
  askWorkflow<BatchStatus>(client, workflowId, BATCH_STATUS_QUERY);

/**
 * The forecast that a batch was started with. Needs no worker.
 * @returns null when it has none.
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an unknown id.
 */
export async function batchForecast(client: Client, workflowId: string): Promise<BatchForecast | null> {
  const { memo } = await client.workflow.getHandle(workflowId).describe();
  return (memo?.[BATCH_FORECAST_MEMO] as BatchForecast | undefined) ?? null;
}
