import type { Client } from '@temporalio/client';
import { RECEIPT_MEMO } from '../jobs/names.js';
import type { Receipt } from '../jobs/types.js';

/**
 * Reads the receipt that a cancelled or failed document left in its memo. Needs no worker.
 * @returns null when the workflow left none (it still runs, completed with a result, or was terminated).
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an unknown id.
 */
export async function readReceipt(client: Client, workflowId: string): Promise<Receipt | null> {
  const { memo } = await client.workflow.getHandle(workflowId).describe();
  return (memo?.[RECEIPT_MEMO] as Receipt | undefined) ?? null;
}
