import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { BatchForecast } from '../../jobs/batch-forecast.js';
import type { BatchStatus, ProcessBatchInput } from '../../jobs/batch.js';
import { BATCH_FORECAST_MEMO, DEFAULT_TASK_QUEUE, WORKFLOW } from '../../jobs/names.js';
import { batchStatus } from './batch-status.js';
import { batchWorkflowId } from './batch-workflow-id.js';
import { manifestIdentity } from './manifest-identity.js';

export interface StartBatchOptions {
  /** Default: {@link batchWorkflowId} of the manifest's identity, for which a file or folder is read here. */
  workflowId?: string;
  /** Task queue of a worker that has the workflow, the activities and the manifest. Default `document-jobs`. */
  taskQueue?: string;
  /** Name under which the worker has the workflow. Default `processBatch`. */
  workflowType?: string;
  /** Start again although this id has completed. Default false. Documents keep their identity: give `force` in the input to pay for them again. */
  rerun?: boolean;
  /** Kept beside the batch, to be compared with what came. */
  forecast?: BatchForecast;
}

export interface StartedBatch {
  batchId: string;
  /**
   * What this id was already: `no` = a new run began; `running` = joined; `completed` = it has ended and nothing was started: `redriveBatch` does what
   * it left. A run that failed or was cancelled does not count: it goes on with what is left.
   */
  existing: 'no' | 'running' | 'completed';
  /** Of a batch that had completed. */
  status?: BatchStatus;
}

/**
 * Starts `processBatch`, or joins the run that this id already has.
 * @throws the system's error for a manifest that can't be read here, when its identity is needed; {@link ServiceError} of `@temporalio/client` when
 * Temporal can't be reached or refuses.
 */
export async function startBatch(
  client: Client,
  input: ProcessBatchInput,
  options: StartBatchOptions = {},
): Promise<StartedBatch> {
  const { taskQueue = DEFAULT_TASK_QUEUE, workflowType = WORKFLOW.processBatch, rerun = false, forecast } = options;
  const batchId = options.workflowId ?? batchWorkflowId(await manifestIdentity(input.manifest), input);
  const wasRunning = (await stateOf(client, batchId)) === 'RUNNING';
  try {
    await client.workflow.start(workflowType, {
      workflowId: batchId,
      taskQueue,
      args: [input],
      // Together: one workflow an id, whoever asks and however often, until it has failed or was cancelled.
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: rerun ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
      ...(forecast === undefined ? {} : { memo: { [BATCH_FORECAST_MEMO]: forecast } }),
    });
    return { batchId, existing: wasRunning ? 'running' : 'no' };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const status = await batchStatus(client, batchId);
    return { batchId, existing: 'completed', ...(status === null ? {} : { status }) };
  }
}

/** @returns null for an id that Temporal does not know. */
export async function stateOf(client: Client, workflowId: string): Promise<string | null> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
