import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import { defined } from '../jobs/defined.js';
import type { ReapInput, ReapProgress, ReapReport } from '../jobs/reap.js';
import { sweepProxy } from './activity-proxies.js';

/** Pages of a sweep that one run of the workflow does. */
const PAGES_A_RUN = 200;

/**
 * Finds jobs that run although no living workflow waits for them, because theirs was terminated, timed out, failed, or could not cancel them,
 * and cancels them at the vendor. Safe to run twice, at once, and beside live traffic; made to be run by a Temporal Schedule.
 */
export async function reapOrphanedJobs(
  input: ReapInput = {},
  progress: ReapProgress | null = null,
): Promise<ReapReport> {
  const { reapDocumentJobs: sweep } = sweepProxy(input.taskQueue, 'look for orphaned jobs');
  const previous = workflowInfo().lastResult as ReapReport | undefined;
  let soFar = progress;
  for (let page = 0; page < PAGES_A_RUN; page++) {
    soFar = await sweep({ input, progress: soFar, ...defined({ previous }) });
    if (soFar.next === null) {
      const { next: _next, seen: _seen, ...report } = soFar;
      return report;
    }
  }
  return continueAsNew<typeof reapOrphanedJobs>(input, soFar);
}
