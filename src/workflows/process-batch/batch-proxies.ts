import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/common';
import type { BatchActivities } from '../../jobs/batch-activities.js';
import { defined } from '../../jobs/defined.js';

/** How long one activity waits for documents before it is asked anew. */
export const AWAIT_PATIENCE_MS = 30 * 60_000;

type Proxies = {
  [K in keyof BatchActivities]: (summary: string) => BatchActivities[K];
};

/** The activities of batches. What is tried again for longer than a few minutes comes back as trouble, so that the batch can show it. */
export function batchProxies(taskQueue: string | undefined): Proxies {
  const proxy = (options: ActivityOptions): BatchActivities =>
    proxyActivities<BatchActivities>({
      cancellationType: ActivityCancellationType.TRY_CANCEL,
      ...options,
      ...defined({ taskQueue }),
      retry: { nonRetryableErrorTypes: ['PayloadsTooLarge'] },
    });
  return {
    // A manifest may be as large as a disk.
    planDocumentBatch: (summary) =>
      proxy({ startToCloseTimeout: '12 hours', heartbeatTimeout: '60 seconds', summary }).planDocumentBatch,
    readDocumentBatchPage: (summary) =>
      proxy({ startToCloseTimeout: '60 seconds', scheduleToCloseTimeout: '5 minutes', summary }).readDocumentBatchPage,
    recordDocumentBatch: (summary) =>
      // Beside the rows, now and then what is there already is put together.
      proxy({
        startToCloseTimeout: '30 minutes',
        scheduleToCloseTimeout: '40 minutes',
        heartbeatTimeout: '60 seconds',
        summary,
      }).recordDocumentBatch,
    awaitBatchDocuments: (summary) =>
      proxy({
        startToCloseTimeout: AWAIT_PATIENCE_MS + 5 * 60_000,
        scheduleToCloseTimeout: 2 * AWAIT_PATIENCE_MS,
        // Beats are held back for most of it: so long a worker's slot is taken after the run that asked has gone.
        heartbeatTimeout: '20 seconds',
        summary,
      }).awaitBatchDocuments,
  };
}
