import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { BatchSelection, ProcessBatchInput } from '../../jobs/batch.js';
import { DEFAULT_TASK_QUEUE, WORKFLOW } from '../../jobs/names.js';
import { batchInput } from './batch-input.js';
import { batchIdOf, redriveWorkflowId } from './batch-workflow-id.js';
import { stateOf } from './start-batch.js';

export interface RedriveBatchOptions extends Pick<ProcessBatchInput, 'window' | 'startsPerSecond' | 'budget'> {
  /** Default: that of the batch. */
  taskQueue?: string;
  /** Name under which the worker has the workflow. Default `processBatch`. */
  workflowType?: string;
  /** Of the batch, when Temporal has forgotten it: what is asked of its documents. Default: read from its history. */
  input?: ProcessBatchInput;
}

export interface StartedRedrive {
  batchId: string;
  /** Of the re-drive: follow, change and cancel it by this. */
  workflowId: string;
  /** `running`: an earlier re-drive still runs, with its own selection; nothing was started. */
  existing: 'no' | 'running';
}

/**
 * Does again what a batch left: starts `processBatch` as `<batchId>/redrive-<n>` for the rows of the record that `select` fits (nothing given: every row
 * that is not `done`), asked the same as before. One re-drive at a time.
 * @param batchId of the batch, or of one of its re-drives.
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for a batch that Temporal does not know (any more), unless `input` is given.
 */
export async function redriveBatch(
  client: Client,
  batchId: string,
  select: BatchSelection = {},
  options: RedriveBatchOptions = {},
): Promise<StartedRedrive> {
  const base = batchIdOf(batchId);
  const known =
    options.input === undefined ? await batchInput(client, base) : { input: options.input, taskQueue: null };
  const { budget: _spent, paused: _paused, ...asked } = known.input;
  const {
    window,
    startsPerSecond,
    budget,
    taskQueue = known.taskQueue,
    workflowType = WORKFLOW.processBatch,
  } = options;
  const input: ProcessBatchInput = {
    ...asked,
    ...(window === undefined ? {} : { window }),
    ...(startsPerSecond === undefined ? {} : { startsPerSecond }),
    ...(budget === undefined ? {} : { budget }),
    redrive: { batchId: base, select },
  };
  for (let ordinal = 1; ; ordinal++) {
    const workflowId = redriveWorkflowId(base, ordinal);
    const state = await stateOf(client, workflowId);
    if (state === 'RUNNING') return { batchId: base, workflowId, existing: 'running' };
    if (state !== null) continue;
    try {
      await client.workflow.start(workflowType, {
        workflowId,
        taskQueue: taskQueue ?? DEFAULT_TASK_QUEUE,
        args: [input],
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      });
      return { batchId: base, workflowId, existing: 'no' };
    } catch (error) {
      // Somebody else took the number: it is looked at again, and joined.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      ordinal -= 1;
    }
  }
}
