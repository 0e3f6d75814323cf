import { defined } from '../jobs/defined.js';
import type { CollectedResult, JobRef } from '../jobs/types.js';
import { awaitJob } from './await-job.js';
import { startDeadline } from './deadline.js';
import { unwrapActivityFailure } from './failure.js';
import type { JobContext } from './job-context.js';
import { failureOf } from './job-failure.js';
import { leaseJob } from './document-job-lease.js';
import { completed } from './run-job.js';
import type { AcceptedJob } from './submit-job.js';

/**
 * Waits for a job that this workflow did not submit. The first look is at once: the job may be long done.
 * @param isLeased false: the reaper may cancel the job when the workflow that submitted it has ended.
 */
export async function attachJob(context: JobContext, ref: JobRef, isLeased: boolean): Promise<CollectedResult> {
  if (isLeased) await leaseJob(context, ref);
  const job: AcceptedJob = {
    ref,
    receipt: { adopted: true, resubmit: false, submits: 0, submittedAt: new Date().toISOString() },
    expectedMs: context.options.expectedMs,
    submittedAtMs: Date.now(),
    attached: true,
    resubmits: 0,
    retentionMs: null,
  };
  const line = context.board.line(ref.operation, undefined);
  context.board.update(line, { jobId: ref.jobId, stage: 'waiting' });
  const { results, inlineLimit, copyAssets } = context.options;
  const collect = { results, inlineLimit, ...defined({ copyAssets }) };
  try {
    const end = await awaitJob(context, job, collect, startDeadline(context), line);
    if (end.state === 'completed') return completed(context, end.result);
    throw failureOf(context, ref, end, 0);
  } catch (error) {
    throw unwrapActivityFailure(error);
  }
}
