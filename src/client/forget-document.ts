import type { Client } from '@temporalio/client';
import { type ForgetInput, type ForgetReport, forgetWorkflowId } from '../jobs/forget.js';
import { DEFAULT_TASK_QUEUE, WORKFLOW } from '../jobs/names.js';

export interface ForgetDocumentOptions extends Pick<ForgetInput, 'patience'> {
  /** Task queue of a worker that has `forgetDocument`, our activities and the accounts. Default `document-jobs`. */
  taskQueue?: string;
}

/**
 * Has a document forgotten that has ended, and waits for the report: what was erased, what goes by itself when, what others have to erase. The
 * workflow id is `forget-<workflowId>`: a forget that is under way is joined, one that has ended is done again.
 * @throws {WorkflowFailedError} of `@temporalio/client`; `isDocumentFailure` tells DocumentStillRunning and DocumentInputInvalid (an unknown id).
 */
export async function forgetDocument(
  client: Client,
  workflowId: string,
  { taskQueue = DEFAULT_TASK_QUEUE, patience }: ForgetDocumentOptions = {},
): Promise<ForgetReport> {
  const input: ForgetInput = { workflowId, ...(patience === undefined ? {} : { patience }) };
  const handle = await client.workflow.start(WORKFLOW.forgetDocument, {
    workflowId: forgetWorkflowId(workflowId),
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `forget ${workflowId}`,
  });
  return (await handle.result()) as ForgetReport;
}
