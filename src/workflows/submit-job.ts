import { CancellationScope, CancelledFailure, sleep, workflowInfo } from '@temporalio/workflow';
import type { OperationRequest } from '../jobs/activities.js';
import type { JobRef, JobStatusLine } from '../jobs/types.js';
import { resubmitDelayMs } from '../jobs/wait-plan.js';
import { submitProxy } from './activity-proxies.js';
import { type Deadline, deadlineExceeded, remaining } from './deadline.js';
import { documentFailure } from './failure.js';
import type { JobContext } from './job-context.js';

/** A job that the vendor accepted. */
export interface AcceptedJob {
  ref: JobRef;
  adopted: boolean;
  /** POSTs sent until it was accepted. */
  submits: number;
  expectedMs: number | null;
  submittedAt: string;
  submittedAtMs: number;
  resubmit: boolean;
}

/** What is to be submitted, and which of the workflow's submits it is. */
export interface JobRequest {
  request: OperationRequest;
  pageCount: number | null;
  section?: string;
  /** From `Board.nextSubmit()`. */
  number: number;
}

/**
 * Submits until the vendor has certainly accepted one job. Each try is shielded: a cancellation that arrives during the POST is
 * answered afterwards, when the job's id is known. Waits between tries are durable and cancellable.
 */
export async function submitJob(
  context: JobContext,
  job: JobRequest,
  resubmit: number,
  deadline: Deadline,
  line: JobStatusLine,
): Promise<AcceptedJob> {
  const { provider, account, options, board } = context;
  const { operation } = job.request;
  const info = workflowInfo();
  const since = new Date().toISOString();
  let submits = 0;
  // A workflow that was retried or reset may have posted in a life that this history does not show.
  let lookFirst = info.attempt > 1 || info.originalExecutionRunId !== info.runId;
  for (let attempt = 0; ; attempt++) {
    if (CancellationScope.current().consideredCancelled)
      throw new CancelledFailure(`${operation} cancelled before submit`);
    if (remaining(deadline) === 0) throw deadlineExceeded(context, operation, deadline, null);
    board.update(line, { stage: 'submitting', nextReadAt: null });
    const reply = await CancellationScope.nonCancellable(() =>
      submitProxy(
        options,
        `${operation}: submit to ${provider}`,
      )({
        provider,
        account,
        request: job.request,
        marker: { firstExecutionRunId: info.firstExecutionRunId, operation: job.number, resubmit },
        lookFirst,
        since: lookFirst ? info.startTime.toISOString() : since,
        ...(job.pageCount === null ? {} : { pageCount: job.pageCount }),
      }),
    );
    submits += reply.posts;
    if (reply.outcome === 'accepted') {
      board.update(line, { jobId: reply.jobId, submittedAt: reply.at, stage: 'waiting' });
      return {
        ref: { provider, account, operation, jobId: reply.jobId },
        adopted: reply.adopted,
        submits,
        expectedMs: options.expectedMs ?? reply.expectedMs,
        submittedAt: reply.at,
        submittedAtMs: Date.now(),
        resubmit: resubmit > 0,
      };
    }
    if (reply.outcome === 'unknown' && options.onUnknownSubmit === 'fail') {
      throw documentFailure(
        'DocumentSubmitUnknown',
        `${operation}: the submit's reply was lost (${reply.reason}) and ${provider} gives no way to look for the job. ` +
          `It may have been accepted and billed once. Check the vendor's console, or set onUnknownSubmit: 'resubmit'.`,
        { provider, account, operation, reason: reply.reason, submits },
      );
    }
    lookFirst ||= reply.posts > 0;
    const wish = reply.outcome === 'unknown' ? 1_000 : reply.retryAfterMs;
    const delay = Math.min(resubmitDelayMs(attempt, wish), remaining(deadline));
    board.update(line, { nextReadAt: new Date(Date.now() + delay).toISOString() });
    await sleep(Math.max(delay, 1), { summary: `${operation}: not accepted (${reply.reason}), trying again` });
  }
}
