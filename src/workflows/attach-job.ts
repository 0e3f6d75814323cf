import type { CollectedResult, JobRef } from '../jobs/types.js';
import { awaitJob } from './await-job.js';
import { startDeadline } from './deadline.js';
import { unwrapActivityFailure } from './failure.js';
import type { JobContext } from './job-context.js';
import { failureOf } from './job-failure.js';
import { completed } from './run-job.js';
import type { AcceptedJob } from './submit-job.js';

/** Waits for a job that this workflow did not submit. The first look is at once: the job may be long done. */
export async function attachJob(context: JobContext, ref: JobRef): Promise<CollectedResult> {
  const job: AcceptedJob = {
    ref,
    adopted: true,
    submits: 0,
    unknownSubmits: 0,
    expectedMs: context.options.expectedMs,
    submittedAt: new Date().toISOString(),
    submittedAtMs: Date.now(),
    resubmits: 0,
    retentionMs: null,
  };
  const line = context.board.line(ref.operation, undefined);
  context.board.update(line, { jobId: ref.jobId, stage: 'waiting' });
  const { results, inlineLimit } = context.options;
  try {
    const end = await awaitJob(context, job, { results, inlineLimit }, startDeadline(context), line, undefined, true);
    if (end.state === 'completed') return completed(context, end.result);
    throw failureOf(context, ref, end, 0);
  } catch (error) {
    throw unwrapActivityFailure(error);
  }
}
