import { ActivityFailure } from '@temporalio/common';
import { CancellationScope, CancelledFailure, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import { defined } from '../jobs/defined.js';
import type { OperationRequest, SubmitBeat, SubmitInput, SubmitOutput } from '../jobs/activities.js';
import type { JobReceipt, JobRef, JobStatusLine, Operation } from '../jobs/types.js';
import { findDocumentFailure } from '../jobs/failures.js';
import { jobReceipt } from '../jobs/receipt.js';
import { resubmitDelayMs } from '../jobs/wait-plan.js';
import { submitProxy } from './activity-proxies.js';
import type { SubmitNumber } from './board.js';
import { type Deadline, deadlineExceeded, remaining } from './deadline.js';
import { documentFailure } from './failure.js';
import type { JobContext } from './job-context.js';
import { whileKeyIsRefused } from './refused-key.js';

/** A job that the vendor accepted. */
export interface AcceptedJob {
  ref: JobRef;
  /** What its receipt will say of the submit. */
  receipt: SubmitReceipt;
  expectedMs: number | null;
  submittedAtMs: number;
  /** Submitted elsewhere. */
  attached?: true;
  /** How often the vendor failed a job that it replaces. */
  resubmits: number;
  /** How long the vendor keeps the finished result, ms; null = for ever or not known. */
  retentionMs: number | null;
  /** How long the vendor's webhook is waited for before somebody looks, ms. Absent: none is believed to come. */
  webhookMs?: number;
}

export type SubmitReceipt = Pick<
  JobReceipt,
  'section' | 'submits' | 'unknownSubmits' | 'adopted' | 'resubmit' | 'repair' | 'submittedAt'
>;

/** What is to be submitted, and which of the workflow's submits it is. */
export interface JobRequest extends SubmitNumber {
  request: OperationRequest;
  pageCount: number | null;
  section?: string;
  /** The document as the user named it. */
  origin: string;
  /** The job does again what an earlier one was paid for. */
  repair?: true;
}

/**
 * The vendor's trouble is taken for an answer when so many POSTs, over so long a time, were answered with errors and made no job: an outage
 * is shorter, a document that it can't take is not worth more.
 */
const MAX_ABSENT = 8;
const MAX_TROUBLE_MS = 60 * 60_000;
/** Each POST whose fate nobody can look up may be paid. */
const MAX_UNKNOWN = 3;
/** How long a job that may exist is looked for, although the workflow is cancelled or its deadline has passed. */
const DOUBT_PATIENCE_MS = 6 * 60 * 60_000;
/** How far back a job of an earlier life of the workflow is looked for: longer than any vendor's retention here. */
const EARLIER_LIFE_MS = 24 * 60 * 60_000;

/** What one activity came to; `undecided`: it may have posted, and nobody could look for the job until its time was over. */
type SubmitReply = SubmitOutput | { outcome: 'undecided'; posts: number; reason: string };

/**
 * Submits until the vendor has certainly accepted one job. Each try is shielded: a cancellation that arrives during the POST is
 * answered afterwards, when the job's id is known. Waits between tries are durable and cancellable; only while a job may exist that could not
 * be looked for yet, neither a cancellation nor a deadline ends the looking: it would be left running.
 */
export async function submitJob(
  context: JobContext,
  job: JobRequest,
  resubmit: number,
  deadline: Deadline,
  line: JobStatusLine,
): Promise<AcceptedJob> {
  const { board, options } = context;
  const { operation } = job.request;
  const input = submitInput(context, job, resubmit);
  const { section, repair } = job;
  const tally = { submits: 0, unknownSubmits: 0, ...defined({ section, repair }) };
  let absent = 0;
  let troubleSince = Infinity;
  let doubtSince: number | null = null;
  try {
    for (let attempt = 0; ; attempt++) {
      const stop = reasonToStop(context, operation, deadline);
      if (stop !== null && (doubtSince === null || Date.now() - doubtSince > DOUBT_PATIENCE_MS)) throw stop;
      board.update(line, { stage: 'submitting', nextReadAt: null });
      const submit = (): Promise<SubmitReply> =>
        submitOnce(context, stop === null ? input : { ...input, lookOnly: true });
      const reply = await whileKeyIsRefused(context, deadline, submit, (trouble, delay) => {
        tally.submits += 1;
        board.update(line, { nextReadAt: new Date(Date.now() + delay).toISOString(), trouble });
      }).catch((error: unknown) => {
        const posts = doubtfulPosts(error);
        tally.submits += posts;
        tally.unknownSubmits += posts;
        throw error;
      });
      tally.submits += reply.posts;
      if (reply.outcome === 'accepted') {
        board.update(line, { jobId: reply.jobId, submittedAt: reply.at, stage: 'waiting', trouble: null });
        job.equalJobs.push(reply.jobId);
        const resubmits = resubmit + (reply.resubmitsOn ?? 0);
        return {
          ref: { provider: input.provider, account: input.account, operation, jobId: reply.jobId },
          receipt: { ...tally, resubmit: resubmits > 0, adopted: reply.adopted, submittedAt: reply.at },
          expectedMs: options.expectedMs ?? reply.expectedMs,
          submittedAtMs: Date.now(),
          resubmits,
          retentionMs: reply.retentionMs ?? null,
          ...defined({ webhookMs: reply.webhookMs }),
        };
      }
      doubtSince = reply.outcome === 'undecided' ? (doubtSince ?? Date.now()) : null;
      if (reply.outcome === 'undecided') input.lookFirst = 'earlier_life';
      else if (reply.outcome === 'unknown' || reply.lookedFor) {
        input.lookFirst = 'resubmit';
        troubleSince = Math.min(troubleSince, Date.now());
        absent++;
      }
      if (reply.outcome === 'unknown') tally.unknownSubmits += reply.posts;
      if (stop !== null && doubtSince === null) throw stop;
      if (reply.outcome === 'unknown' && options.onUnknownSubmit === 'fail') {
        throw submitUnknown(input, reply.reason, tally.submits);
      }
      if (tally.unknownSubmits >= MAX_UNKNOWN) throw submitUnknown(input, reply.reason, tally.submits);
      if (absent >= MAX_ABSENT && Date.now() - troubleSince >= MAX_TROUBLE_MS) {
        throw submitRefused(input, reply.reason, tally.submits);
      }
      const wished = resubmitDelayMs(attempt, reply.outcome === 'not_accepted' ? reply.retryAfterMs : 1_000);
      const delay = Math.max(1, stop === null ? Math.min(wished, remaining(deadline)) : wished);
      board.update(line, { nextReadAt: new Date(Date.now() + delay).toISOString(), trouble: reply.reason });
      const rest = (): Promise<void> => sleep(delay, { summary: `${operation}: not accepted, trying again` });
      if (doubtSince === null) await rest();
      else await CancellationScope.nonCancellable(rest);
    }
  } catch (error) {
    const { submits } = tally;
    board.update(line, { stage: 'ended', outcome: submits > 0 ? 'unknown' : null, nextReadAt: null });
    // POSTs that may have been billed are never dropped from the receipt.
    if (submits > 0) {
      const lost = { operation, jobId: null, outcome: 'unknown' as const, submittedAt: input.since };
      board.receipts.push(jobReceipt({ ...tally, ...lost, resubmit: resubmit > 0 }, Date.now()));
    }
    throw error;
  }
}

function reasonToStop(context: JobContext, operation: Operation, deadline: Deadline): Error | null {
  if (CancellationScope.current().consideredCancelled)
    return new CancelledFailure(`${operation} cancelled before submit`);
  return remaining(deadline) === 0 ? deadlineExceeded(context, operation, deadline, null) : null;
}

/** POSTs that a failing activity tells of: a job may have come of each. */
function doubtfulPosts(error: unknown): number {
  const failure = findDocumentFailure(error);
  if (failure?.type === 'DocumentReplyInvalid') return 1;
  return failure?.type === 'DocumentSubmitUnknown' ? (failure.details as { submits: number }).submits : 0;
}

function submitInput({ provider, account, options }: JobContext, job: JobRequest, resubmit: number): SubmitInput {
  const info = workflowInfo();
  // A workflow that was retried or reset may have posted in a life that this history does not show.
  const earlierLife = info.attempt > 1 || info.originalExecutionRunId !== info.runId;
  return {
    provider,
    account,
    request: job.request,
    marker: { firstExecutionRunId: info.firstExecutionRunId, origin: job.origin, ordinal: job.ordinal, resubmit },
    lookFirst: earlierLife ? 'earlier_life' : 'no',
    since: new Date(Date.now() - (earlierLife ? EARLIER_LIFE_MS : 0)).toISOString(),
    ...(job.pageCount === null ? {} : { pageCount: job.pageCount }),
    ...(earlierLife ? { resubmitsAhead: Math.max(0, options.maxResubmits - resubmit) } : {}),
    ...(options.webhooks ? { taskQueue: info.taskQueue } : { webhooks: false as const }),
    ...(job.equalJobs.length === 0 ? {} : { otherJobs: [...job.equalJobs] }),
  };
}

/** One shielded submit. Without a worker, or with a job list that can't be read, it ends undecided: the next turn looks before it posts. */
async function submitOnce(context: JobContext, input: SubmitInput): Promise<SubmitReply> {
  const { operation } = input.request;
  try {
    return await CancellationScope.nonCancellable(() =>
      submitProxy(context.options, operation, `${operation}: submit to ${input.provider}`)(input),
    );
  } catch (error) {
    if (!(error instanceof ActivityFailure) || error.retryState !== 'TIMEOUT' || isCancellation(error)) throw error;
    // What an attempt left of itself before the time ran out: above all the id of a job that is being paid.
    const { lastHeartbeatDetails: beat, cause } = (error.cause ?? {}) as {
      lastHeartbeatDetails?: SubmitBeat;
      cause?: Error;
    };
    if (beat?.jobId !== undefined) {
      return { outcome: 'accepted', ...beat, expectedMs: null, at: new Date().toISOString() };
    }
    return { outcome: 'undecided', posts: beat?.posts ?? 0, reason: cause?.message ?? 'no worker answered in time' };
  }
}

function submitUnknown(input: SubmitInput, reason: string, submits: number): Error {
  const { provider, account, request, pageCount: pages } = input;
  return documentFailure(
    'DocumentSubmitUnknown',
    `${request.operation}: a submit's reply was lost (${reason}), and ${provider} gives no way to look for its job. ` +
      `One ${request.operation}${pages === undefined ? '' : ` of ${pages} pages`} may have been accepted and billed. ` +
      `Look in the vendor's console, or set onUnknownSubmit: 'resubmit'.`,
    { provider, account, operation: request.operation, reason, submits },
  );
}

function submitRefused({ provider, account, request }: SubmitInput, reason: string, submits: number): Error {
  return documentFailure(
    'DocumentSubmitRejected',
    `${request.operation}: ${provider} answered ${submits} submits with an error and accepted none: ${reason}. Start it again when the vendor is well.`,
    { provider, account, operation: request.operation, reason, httpStatus: null },
  );
}
