import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  isCancellation,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { BatchStatus, ProcessBatchInput } from '../../jobs/batch.js';
import { checkProcessBatchInput } from '../../jobs/batch-input.js';
import type { BatchState } from '../../jobs/batch-state.js';
import { defined } from '../../jobs/defined.js';
import { BATCH_MEMO } from '../../jobs/names.js';
import { DEFAULT_PROVIDER } from '../../providers/types.js';
import { unwrapActivityFailure } from '../failure.js';
import { invalidInput } from '../job-options.js';
import { handleBatch } from './batch-handlers.js';
import { BatchLoop } from './batch-loop.js';
import { BatchRun } from './batch-run.js';

/**
 * Processes the documents of a manifest, one to a million and more: so many at once as the window allows, each in a workflow of its own, and writes
 * what became of each to the batch record. Documents that were processed before are not processed again.
 * @param carried by an earlier run of the same workflow.
 * @returns the last status, also when an update told it to stop.
 * @throws DocumentInputInvalid for an input or a manifest that is none; the cancellation, when every document under way has ended.
 */
export async function processBatch(input: ProcessBatchInput, carried?: BatchState): Promise<BatchStatus> {
  const problem = checkProcessBatchInput(input);
  const { provider = DEFAULT_PROVIDER, account = provider } = input?.request ?? {};
  if (problem !== null) invalidInput(provider, account)(problem.field, problem.reason);
  const run = new BatchRun(input, carried);
  handleBatch(run);
  CancellationScope.current().cancelRequested.catch(() => run.cancel('workflow'));
  if (run.state.plan === null) await planBatch(run);
  // Nothing of what follows is cancelled by itself: what is under way is told to stop, and waited for.
  if (run.state.plan !== null) {
    const loop = new BatchLoop(run);
    const end = await CancellationScope.nonCancellable(() => loop.toEnd());
    if (end === 'full') {
      await condition(allHandlersFinished);
      return continueAsNew<typeof processBatch>(input, run.state);
    }
  }
  run.endedAt = new Date().toISOString();
  const status = run.status();
  if (run.broken === null && run.cancelledBy !== 'workflow') return status;
  // Such a workflow has no result to carry it.
  upsertMemo({ [BATCH_MEMO]: status });
  throw run.broken ?? new CancelledFailure('The batch was cancelled, and every document under way has ended.');
}

async function planBatch(run: BatchRun): Promise<void> {
  const { manifest, request = {}, force, redrive } = run.input;
  const { firstExecutionRunId } = workflowInfo();
  const scope = new CancellationScope();
  run.onCancel(() => scope.cancel());
  try {
    const plan = run.activities.planDocumentBatch('plan the batch');
    const asked = { batchId: run.batchId, manifest, request, firstExecutionRunId, ...defined({ force, redrive }) };
    run.state.plan = await scope.run(() => plan(asked));
    run.state.segments = run.state.plan.segments;
  } catch (error) {
    if (isCancellation(error) && run.cancelledBy !== null) return;
    throw unwrapActivityFailure(error);
  }
}
