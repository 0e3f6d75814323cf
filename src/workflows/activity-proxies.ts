import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/common';
import { defined } from '../jobs/defined.js';
import type { DocumentActivities } from '../jobs/activities.js';
import type { Operation } from '../jobs/types.js';
import { windowHeartbeatMs } from '../jobs/wait-plan.js';
import type { ResolvedJobOptions } from './job-options.js';

/** Our own failures say themselves that they are final. The SDK's over-limit failure is retryable and would download, fail and retry for ever. */
const NEVER_RETRIED = ['PayloadsTooLarge'];
/** A window's activity may overrun it by this much while it copies a finished result. */
const COLLECT_SLACK_MS = 10 * 60_000;
const UPLOAD_LIMIT_MS = 2 * 60 * 60_000;
const CANCEL_PATIENCE_MS = 6 * 60 * 60_000;

/*
 * Every proxy states its cancellation type: the SDK's unset default is TRY_CANCEL, under which a cancelled submit would lose the
 * job id of a job that the vendor accepted. A user's retry policy governs uploads and polls only: submit and cancel must not give up early.
 * Activities are named as `DocumentActivities` has them: the table of names would be weight in every workflow bundle.
 */

export function uploadProxy(
  options: ResolvedJobOptions,
  remainingMs: number,
  summary: string,
): DocumentActivities['uploadDocument'] {
  return proxy(options, {
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: '60 seconds',
    scheduleToCloseTimeout: Math.max(1, Math.min(UPLOAD_LIMIT_MS, remainingMs)),
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary,
    ...defined({ retry: options.retry }),
  }).uploadDocument;
}

/**
 * One POST and, when its reply is lost, the look for its job. Where there is a list, the heartbeat time-out
 * outlasts the POST's hard limit plus the list's delay.
 * Only a classification may last longer: where it is offered synchronously alone, the reply comes with the result.
 */
export function submitProxy(
  options: ResolvedJobOptions,
  operation: Operation,
  summary: string,
): DocumentActivities['submitDocumentJob'] {
  return proxy(options, {
    startToCloseTimeout: operation === 'classify' ? '12 minutes' : '90 seconds',
    // No end in itself: the workflow looks at its deadline and at cancellation, and goes on with a look for the job.
    scheduleToCloseTimeout: '15 minutes',
    heartbeatTimeout: '45 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  }).submitDocumentJob;
}

/** One read, of which nothing is kept. */
export function getProxy(options: ResolvedJobOptions, summary: string): DocumentActivities['getDocumentJob'] {
  return proxy(options, {
    startToCloseTimeout: '60 seconds',
    scheduleToCloseTimeout: '10 minutes',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary,
  }).getDocumentJob;
}

/** Nothing depends on it but the reaper's patience. */
export function leaseProxy(options: ResolvedJobOptions, summary: string): DocumentActivities['leaseDocumentJob'] {
  return proxy(options, {
    startToCloseTimeout: '60 seconds',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary,
  }).leaseDocumentJob;
}

/** @param isUrgent the result may expire before it is read: it goes before others on the task queue. */
export function pollProxy(
  options: ResolvedJobOptions,
  windowMs: number,
  isUrgent: boolean,
  summary: string,
): DocumentActivities['pollDocumentJob'] {
  const urgent = isUrgent ? { ...options, priority: { ...options.priority, priorityKey: 1 } } : options;
  return proxy(urgent, {
    startToCloseTimeout: windowMs + COLLECT_SLACK_MS,
    scheduleToCloseTimeout: windowMs + 2 * COLLECT_SLACK_MS,
    heartbeatTimeout: windowHeartbeatMs(windowMs),
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary,
    ...defined({ retry: options.retry }),
  }).pollDocumentJob;
}

export function cancelProxy(
  options: ResolvedJobOptions,
  summary: string,
  patienceMs = CANCEL_PATIENCE_MS,
): DocumentActivities['cancelDocumentJob'] {
  return proxy(options, {
    // A job that was faster has a result, which is kept.
    startToCloseTimeout: options.cancelSettleMs + COLLECT_SLACK_MS,
    // A vendor that is down for hours must still learn of the cancel: a workflow that closes earlier leaves a job that bills.
    scheduleToCloseTimeout: 2 * options.cancelSettleMs + patienceMs,
    heartbeatTimeout: '30 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  }).cancelDocumentJob;
}

/** For what is no job's: many calls to vendors, one after the other. */
export function sweepProxy(taskQueue: string | undefined, summary: string): DocumentActivities {
  return proxy(
    { taskQueue },
    {
      startToCloseTimeout: '30 minutes',
      heartbeatTimeout: '60 seconds',
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary,
    },
  );
}

function proxy(
  options: Pick<ResolvedJobOptions, 'taskQueue'> & Partial<Pick<ResolvedJobOptions, 'priority'>>,
  { retry, ...own }: ActivityOptions,
): DocumentActivities {
  return proxyActivities<DocumentActivities>({
    ...own,
    ...defined({ taskQueue: options.taskQueue, priority: options.priority }),
    retry: {
      ...retry,
      nonRetryableErrorTypes: [...NEVER_RETRIED, ...(retry?.nonRetryableErrorTypes ?? [])],
    },
  });
}
