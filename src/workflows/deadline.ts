import type { Operation, Outcome } from '../jobs/types.js';
import { formatDuration } from '../jobs/duration.js';
import { documentFailure } from './failure.js';
import type { JobContext } from './job-context.js';

/** The nearer of the job's and the document's deadline. */
export interface Deadline {
  /** ms since the epoch; Infinity = none. */
  at: number;
  limitMs: number;
  scope: 'job' | 'document';
}

/** Starts the job's clock: call once, before its first submit. */
export function startDeadline(context: JobContext): Deadline {
  const own = context.options.jobDeadlineMs;
  const jobAt = own === null ? Infinity : Date.now() + own;
  const documentAt = context.documentDeadlineAt ?? Infinity;
  return documentAt <= jobAt
    ? { at: documentAt, limitMs: context.documentDeadlineMs ?? Infinity, scope: 'document' }
    : { at: jobAt, limitMs: own ?? Infinity, scope: 'job' };
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
