import { CancellationScope, isCancellation, log } from '@temporalio/workflow';
import { ActivityFailure } from '@temporalio/common';
import type { CancelOutput, CollectOptions, PollOutput } from '../jobs/activities.js';
import { findDocumentFailure, JOB_IS_DONE } from '../jobs/failures.js';
import { defined } from '../jobs/defined.js';
import { formatDuration } from '../jobs/duration.js';
import type { JobReceipt, JobStatusLine, Outcome } from '../jobs/types.js';
import { jobReceipt } from '../jobs/receipt.js';
import { isAtRisk, type WaitStep } from '../jobs/wait-plan.js';
import { cancelProxy, pollProxy } from './activity-proxies.js';
import { type Deadline, deadlineExceeded, remaining } from './deadline.js';
import type { JobContext } from './job-context.js';
import { nextStep, sleepUntilLook, type Wait, webhookState } from './next-look.js';
import type { AcceptedJob } from './submit-job.js';

/** How a wait ended while nobody cancelled: all of {@link PollOutput} but `pending`. */
export type JobEnd = Exclude<PollOutput, { state: 'pending' }>;

/**
 * Waits until the vendor's job has ended, by turns asleep (durable, free) and in a poll window (heartbeated, holds a slot). Whatever
 * ends the wait early, a cancellation, the deadline or an exhausted retry policy, ends in a cancel at the vendor first: no
 * workflow of ours goes on or closes while its job runs.
 */
export async function awaitJob(
  context: JobContext,
  job: AcceptedJob,
  collect: CollectOptions,
  deadline: Deadline,
  line: JobStatusLine,
): Promise<JobEnd> {
  const wait: Wait = {
    reads: 0,
    vendorStatus: null,
    retryAfterMs: undefined,
    neverSeen: job.attached === true,
    trouble: null,
    heard: 0,
    seenAt: job.submittedAtMs,
  };
  const finish = (outcome: Outcome, facts: Partial<JobReceipt>): void => {
    const { reads, vendorStatus } = wait;
    const { operation, jobId } = job.ref;
    const known = { ...job.receipt, operation, jobId, outcome, reads, vendorStatus };
    context.board.receipts.push(jobReceipt({ ...known, ...facts }, Date.now()));
    context.board.update(line, { stage: 'ended', outcome, vendorStatus, nextReadAt: null });
  };
  try {
    for (let turn = 0; ; turn++) {
      const step = nextStep(context, job, wait, deadline, turn);
      if (step.sleepMs > 0 && (await sleepUntilLook(context, line, job, step, wait))) continue;
      const poll = await pollWindow(context, line, job, step, wait, collect);
      wait.reads += poll.reads;
      if (poll.state === 'pending') {
        wait.retryAfterMs = poll.retryAfterMs;
        if (poll.snapshot !== null) wait.neverSeen = false;
        // A window that ended in trouble may have seen the job at its beginning only.
        if (poll.snapshot !== null && poll.trouble === undefined) wait.seenAt = Date.now();
        wait.vendorStatus = poll.snapshot?.vendorStatus ?? wait.vendorStatus;
        wait.trouble = poll.trouble ?? null;
        context.board.update(line, { trouble: wait.trouble });
        if (!step.last && remaining(deadline) > 0) continue;
        const cancelled = await cancelAtVendor(context, line, job, wait);
        const { outcome } = cancelled;
        finish(outcome, cancelFacts(cancelled));
        const { jobId, operation } = job.ref;
        throw deadlineExceeded(context, operation, deadline, { jobId, outcome, trouble: wait.trouble });
      }
      if ('vendorStatus' in poll) wait.vendorStatus = poll.vendorStatus;
      // A vendor that no longer finds a job it accepted may be wrong: it is told to stop all the same.
      if (poll.state === 'lost') {
        const cancelled = await cancelAtVendor(context, line, job, wait);
        finish(cancelled.outcome, cancelFacts(cancelled));
      } else if (poll.state === 'not_found') context.board.update(line, { stage: 'ended', outcome: 'unknown' });
      else finish(outcomeOf(poll), endFacts(poll));
      return poll;
    }
  } catch (error) {
    if (line.stage === 'ended') throw error;
    const failure = findDocumentFailure(error);
    if (failure !== undefined && JOB_IS_DONE.has(failure.type)) {
      finish('completed', 'stored' in failure.details ? { stored: failure.details.stored } : {});
      throw error;
    }
    const isRefused = failure?.type === 'DocumentAccountRefused';
    const cancelled = await cancelAtVendor(context, line, job, wait, isRefused ? 0 : undefined);
    finish(cancelled.outcome, cancelFacts(cancelled));
    throw error;
  }
}

async function pollWindow(
  context: JobContext,
  line: JobStatusLine,
  job: AcceptedJob,
  step: WaitStep,
  wait: Wait,
  collect: CollectOptions,
): Promise<PollOutput> {
  context.board.update(line, { stage: 'polling', nextReadAt: null });
  const summary = `${job.ref.operation} ${job.ref.jobId}: ask for up to ${formatDuration(step.windowMs)}`;
  const inlineLimit = Math.min(collect.inlineLimit, context.inlineBudget.left);
  const webhook = webhookState(context, job, wait);
  wait.heard = context.board.webhooks.of(job.ref.jobId);
  let poll: PollOutput;
  try {
    const isUrgent = isAtRisk(Date.now() - wait.seenAt, job.retentionMs);
    poll = await pollProxy(
      context.options,
      step.windowMs,
      isUrgent,
      summary,
    )({
      job: job.ref,
      windowMs: step.windowMs,
      elapsedMs: Math.max(0, Date.now() - job.submittedAtMs),
      seenMs: Math.max(0, wait.seenAt - job.submittedAtMs),
      neverSeen: wait.neverSeen,
      ...defined({ webhook }),
      ...(context.options.onRefusedKey === 'fail' ? { failOnRefusedKey: true as const } : {}),
      collect: { ...collect, inlineLimit },
    });
  } catch (error) {
    // Nobody polled until the window was long over (no worker): the job may still run, so this is a pause, not its failure.
    if (error instanceof ActivityFailure && error.retryState === 'TIMEOUT' && !isCancellation(error)) {
      return { state: 'pending', reads: 0, snapshot: null, trouble: 'no answer from a worker within the window' };
    }
    throw error;
  }
  if (poll.state === 'pending' && poll.snapshot !== null) {
    context.board.update(line, { vendorStatus: poll.snapshot.vendorStatus, progress: poll.snapshot.progress });
  }
  return poll;
}

/** Cancels the vendor's job, shielded, and reads on until the truth is known; never throws, so that the first error stays the reason. */
async function cancelAtVendor(
  context: JobContext,
  line: JobStatusLine,
  job: AcceptedJob,
  wait: Wait,
  patienceMs?: number,
): Promise<CancelOutput> {
  context.board.update(line, { stage: 'cancelling', nextReadAt: null });
  try {
    const cancelled = await CancellationScope.nonCancellable(() =>
      cancelProxy(
        context.options,
        `${job.ref.operation} ${job.ref.jobId}: cancel at ${context.provider}`,
        patienceMs,
      )({
        job: job.ref,
        settleMs: context.options.cancelSettleMs,
      }),
    );
    wait.reads += cancelled.reads;
    wait.vendorStatus = cancelled.vendorStatus ?? wait.vendorStatus;
    return cancelled;
  } catch (error) {
    log.error('The vendor could not be told to cancel; its job may still run and bill.', {
      jobId: job.ref.jobId,
      error,
    });
    return { outcome: 'unknown', vendorStatus: null, usage: { pages: null, credits: null }, reads: 0 };
  }
}

function outcomeOf(end: JobEnd): Outcome {
  if (end.state === 'completed' || end.state === 'failed' || end.state === 'cancelled') return end.state;
  return 'unknown';
}

function endFacts(end: JobEnd): Partial<JobReceipt> {
  if (end.state === 'completed') return { ...end.result.usage, stored: end.result.stored };
  return end.state === 'failed' ? end.usage : {};
}

function cancelFacts(cancelled: CancelOutput): Partial<JobReceipt> {
  return { ...cancelled.usage, ...defined({ stored: cancelled.stored }) };
}
