import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { STATUS_QUERY } from '../jobs/names.js';
import type { DocumentJobsStatus } from '../jobs/types.js';

/** Without a worker the server holds a query until its deadline. */
const QUERY_LIMIT_MS = 3_000;

/**
 * Asks a workflow what its jobs are doing.
 * @returns null when no worker answers within 3 s, or Temporal doesn't.
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an unknown id.
 */
export function readStatus(client: Client, workflowId: string): Promise<DocumentJobsStatus | null> {
  return askWorkflow(client, workflowId, STATUS_QUERY);
}

/** One query, with the same promises. */
export async function askWorkflow<Answer>(client: Client, workflowId: string, query: string): Promise<Answer | null> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await client.withDeadline(Date.now() + QUERY_LIMIT_MS, () => handle.query<Answer>(query));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw error;
    return null;
  }
}
