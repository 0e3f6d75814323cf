import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { usageError } from './cli-error.js';
import type { Session } from './connect.js';

/** @throws usage error for an id that Temporal doesn't know. */
export async function describeDocument(session: Session, workflowId: string): Promise<WorkflowExecutionDescription> {
  try {
    return await session.client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw usageError(`${workflowId}: no such workflow ("docjobs list" shows which there are)`);
  }
}
