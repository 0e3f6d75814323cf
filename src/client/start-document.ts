import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { DEFAULT_TASK_QUEUE, WORKFLOW } from '../jobs/names.js';
import type { ProcessDocumentInput } from '../jobs/process-document.js';

export interface StartDocumentOptions {
  /** See {@link documentWorkflowId} for an id that keeps one document from being paid twice. */
  workflowId: string;
  /** Task queue of the worker that has the workflow. Default `document-jobs`. */
  taskQueue?: string;
  /** Name under which the worker has the workflow. Default `processDocument`. */
  workflowType?: string;
  /** Start again although this id has completed. Default false. */
  rerun?: boolean;
}

export interface StartedDocument {
  workflowId: string;
  /**
   * What this id was already: `no` = a new run began; `running` = joined; `completed` = its result stands and nothing was started.
   * A run that failed or was cancelled does not count: it is started again.
   */
  existing: 'no' | 'running' | 'completed';
}

/**
 * Starts `processDocument`, or joins the run that this id already has.
 * @throws {ServiceError} of `@temporalio/client` when Temporal can't be reached or refuses.
 */
export async function startDocument(
  client: Client,
  input: ProcessDocumentInput,
  options: StartDocumentOptions,
): Promise<StartedDocument> {
  const {
    workflowId,
    taskQueue = DEFAULT_TASK_QUEUE,
    workflowType = WORKFLOW.processDocument,
    rerun = false,
  } = options;
  const wasRunning = await isRunning(client, workflowId);
  try {
    await client.workflow.start(workflowType, {
      workflowId,
      taskQueue,
      args: [input],
      // Together: one workflow an id, whoever asks and however often, until it has failed or was cancelled.
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: rerun ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
    return { workflowId, existing: wasRunning ? 'running' : 'no' };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { workflowId, existing: 'completed' };
    throw error;
  }
}

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
