import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { BatchEnd } from '../../client/batch/batch-end.js';
import type { BatchForecast } from '../../jobs/batch-forecast.js';
import { BATCH_FORECAST_MEMO } from '../../jobs/names.js';
import { DEFAULT_PROVIDER } from '../../providers/types.js';
import { requireVendor } from '../accounts.js';
import type { Session } from '../connect.js';
import { bringsWorker, SANDBOX_QUEUE } from '../document-queue.js';
import { localActivities } from '../local-activities.js';
import { type LocalWorker, startLocalWorker } from '../local-worker.js';
import { providerOfRun, resultsDir } from '../state-dir.js';
import { batchIdOf } from '../../client/batch/batch-workflow-id.js';
import { batchEpilogue } from './batch-epilogue.js';
import { batchLabel, followBatchText, placeArguments, type PlaceFlags } from './batch-label.js';
import { chooseBatchView } from './batch-view.js';
import { followBatchToEnd } from './follow-batch-to-end.js';

export interface KnownBatchFlags extends PlaceFlags {
  json?: true;
}

/**
 * Follows a batch that runs or ran to its end, with a worker of our own where no other is to be expected.
 * @param cancel cancel it at once. @returns null when it was left before its end.
 */
export async function followKnownBatch(
  session: Session,
  { workflowId, status, taskQueue, memo }: WorkflowExecutionDescription,
  flags: KnownBatchFlags,
  cancel: boolean,
): Promise<BatchEnd | null> {
  const sandbox = taskQueue === SANDBOX_QUEUE;
  const batch = batchLabel(workflowId, flags, { sandbox });
  const view = chooseBatchView(batch, flags);
  const results = flags.results ?? resultsDir(session.stateDir);
  const forecast = (memo?.[BATCH_FORECAST_MEMO] as BatchForecast | undefined) ?? null;
  let worker: LocalWorker | null = null;
  try {
    if (status.name === 'RUNNING' && bringsWorker(session, taskQueue)) {
      // A worker without the key would fail the documents that it was meant to go on with.
      const provider = await providerOfRun(session.stateDir, batchIdOf(workflowId));
      if (!sandbox) requireVendor(provider ?? DEFAULT_PROVIDER);
      const activities = localActivities(session.stateDir, { results });
      worker = await startLocalWorker(session, taskQueue, activities, (note) => view.note(note));
    }
    const epilogue = (end: BatchEnd): Promise<string[]> =>
      batchEpilogue(end, { batch, forecast, results, place: placeArguments(flags) });
    return await followBatchToEnd({
      session,
      view,
      batch,
      cancel,
      epilogue,
      followText: followBatchText(workflowId, flags),
    });
  } finally {
    view.close();
    await worker?.stop();
  }
}
