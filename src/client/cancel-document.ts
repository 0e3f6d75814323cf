import type { Client } from '@temporalio/client';

/**
 * Asks a document's workflow to cancel. Its jobs are then cancelled at the vendor, and the workflow ends when the truth about each is
 * known: follow it with {@link followDocument} for the receipt. Harmless for a workflow that has ended.
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an id that never existed.
 */
export async function cancelDocument(client: Client, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  if ((await handle.describe()).status.name === 'RUNNING') await handle.cancel();
}
