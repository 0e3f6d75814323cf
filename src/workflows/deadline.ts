import { workflowInfo } from '@temporalio/workflow';
import type { Operation, Outcome } from '../jobs/types.js';
import { formatDuration } from '../jobs/duration.js';
import { documentFailure } from './failure.js';
import type { JobContext } from './job-context.js';

/** The nearest of the job's, the document's and the workflow's deadlines. */
export interface Deadline {
  /** ms since the epoch; Infinity = none. */
  at: number;
  limitMs: number;
  scope: 'job' | 'document' | 'workflow';
}

/** What a workflow needs before Temporal times it out, to cancel at the vendor: timed out, it runs no code any more. */
const CLEANUP_MS = 2 * 60_000;
/** Of a short-lived workflow, this share at most. */
const CLEANUP_SHARE = 0.2;

/** Starts the job's clock: call once, before its first submit. */
export function startDeadline({ options, documentDeadline }: JobContext): Deadline {
  const now = Date.now();
  const { jobDeadlineMs } = options;
  const { runTimeoutMs = 0, runStartTime, executionTimeoutMs = 0, executionExpirationTime } = workflowInfo();
  const limits: Deadline[] = [
    { ...(documentDeadline ?? NEVER), scope: 'document' },
    { ...(jobDeadlineMs === null ? NEVER : { at: now + jobDeadlineMs, limitMs: jobDeadlineMs }), scope: 'job' },
    endOfWorkflow(runStartTime.getTime() + runTimeoutMs, runTimeoutMs),
    endOfWorkflow(executionExpirationTime?.getTime() ?? Infinity, executionTimeoutMs),
  ];
  return limits.reduce((nearest, one) => (one.at < nearest.at ? one : nearest));
}

const NEVER = { at: Infinity, limitMs: Infinity };

/** @param limitMs 0 = none. */
function endOfWorkflow(end: number, limitMs: number): Deadline {
  const cleanupMs = Math.min(CLEANUP_MS, limitMs * CLEANUP_SHARE);
  return { ...(limitMs === 0 ? NEVER : { at: end - cleanupMs, limitMs: limitMs - cleanupMs }), scope: 'workflow' };
}

export function remaining(deadline: Deadline): number {
  return Math.max(0, deadline.at - Date.now());
}

/** @param outcome what became of the vendor's job; null when none was accepted. */
export function deadlineExceeded(
  context: JobContext,
  operation: Operation | 'upload',
  deadline: Deadline,
  job: { jobId: string; outcome: Outcome; trouble: string | null } | null,
): Error {
  const limit = formatDuration(deadline.limitMs);
  const fate = job === null ? 'no job was accepted' : `the vendor's job ${job.jobId} ended as ${job.outcome}`;
  const advice = job?.trouble ? `Last trouble: ${job.trouble}` : 'Raise the deadline if the vendor needs longer.';
  return documentFailure(
    'DocumentJobDeadlineExceeded',
    `${operation} passed the ${deadline.scope}'s deadline of ${limit}; ${fate}. ${advice}`,
    {
      provider: context.provider,
      account: context.account,
      operation,
      ...(job === null ? {} : { jobId: job.jobId }),
      outcome: job?.outcome ?? null,
      deadlineMs: deadline.limitMs,
      scope: deadline.scope,
    },
  );
}
