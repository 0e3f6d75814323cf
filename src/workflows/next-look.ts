import { condition } from '@temporalio/workflow';
import { defined } from '../jobs/defined.js';
import { formatDuration } from '../jobs/duration.js';
import type { JobStatusLine } from '../jobs/types.js';
import { planWait, type WaitStep } from '../jobs/wait-plan.js';
import { type Deadline, remaining } from './deadline.js';
import type { JobContext } from './job-context.js';
import type { AcceptedJob } from './submit-job.js';

/** What is known of the wait so far. */
export interface Wait {
  reads: number;
  vendorStatus: string | null;
  retryAfterMs: number | undefined;
  neverSeen: boolean;
  trouble: string | null;
  /** Webhook calls that were answered with a look. */
  heard: number;
  /** When the job was last seen running, ms since the epoch; before that, when it was submitted. */
  seenAt: number;
}

/** What is to be done next while the job is not known to have ended. */
export function nextStep(
  context: JobContext,
  job: AcceptedJob,
  wait: Wait,
  deadline: Deadline,
  turn: number,
): WaitStep {
  // Nobody knows how long ago such a job was submitted: it may be long done.
  if (job.receipt.adopted && turn === 0) return { sleepMs: 0, windowMs: 0, last: false };
  return planWait({
    elapsedMs: Date.now() - job.submittedAtMs,
    expectedMs: job.expectedMs,
    first: turn === 0,
    maxWindowMs: context.options.windowMs,
    remainingMs: remaining(deadline),
    jitter: Math.random(),
    called: isCalled(context, job, wait),
    ...defined({
      webhookMs: webhookAwaited(job, wait),
      retryAfterMs: wait.retryAfterMs,
      retentionMs: job.retentionMs ?? undefined,
    }),
  });
}

/** Sleeps durably. @returns whether a webhook ended it: then it is time for another step. None does while the vendor asked for peace. */
export function sleepUntilLook(
  context: JobContext,
  line: JobStatusLine,
  job: AcceptedJob,
  { sleepMs }: WaitStep,
  wait: Wait,
): Promise<boolean> {
  context.board.update(line, { stage: 'waiting', nextReadAt: new Date(Date.now() + sleepMs).toISOString() });
  const summary = `${job.ref.operation} ${job.ref.jobId}: next look in ${formatDuration(sleepMs)}`;
  const isRest = sleepMs <= Math.ceil(wait.retryAfterMs ?? 0);
  return condition(() => !isRest && isCalled(context, job, wait), sleepMs, { summary });
}

/** How long a call is still waited for. A vendor calls once; and trouble while looking is looked into at the usual pace. */
const webhookAwaited = ({ webhookMs }: AcceptedJob, { heard, trouble }: Wait): number | undefined =>
  heard === 0 && trouble === null ? webhookMs : undefined;

/** The vendor has called since the last look. */
const isCalled = ({ board }: JobContext, { ref }: AcceptedJob, { heard }: Wait): boolean =>
  board.webhooks.of(ref.jobId) > heard;

/** What a look has to do with webhooks, for whoever learns whether they come. */
export function webhookState(context: JobContext, job: AcceptedJob, wait: Wait): 'called' | 'awaited' | undefined {
  if (isCalled(context, job, wait)) return 'called';
  const awaitedMs = webhookAwaited(job, wait) ?? Infinity;
  // A job that was found may have called an earlier life, and one that is looked at before its time may still call.
  return !job.receipt.adopted && Date.now() - job.submittedAtMs >= awaitedMs ? 'awaited' : undefined;
}
