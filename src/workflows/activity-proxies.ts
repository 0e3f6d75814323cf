import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/common';
import { defined } from '../jobs/defined.js';
import type { DocumentActivities } from '../jobs/activities.js';
import { ACTIVITY } from '../jobs/names.js';
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
 */

export function uploadProxy(
  options: ResolvedJobOptions,
  remainingMs: number,
  summary: string,
): DocumentActivities[typeof ACTIVITY.upload] {
  return proxy(options, {
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: '60 seconds',
    scheduleToCloseTimeout: Math.max(1, Math.min(UPLOAD_LIMIT_MS, remainingMs)),
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary,
    ...defined({ retry: options.retry }),
  })[ACTIVITY.upload];
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
): DocumentActivities[typeof ACTIVITY.submit] {
  return proxy(options, {
    startToCloseTimeout: operation === 'classify' ? '12 minutes' : '90 seconds',
    // No end in itself: the workflow looks at its deadline and at cancellation, and goes on with a look for the job.
    scheduleToCloseTimeout: '15 minutes',
    heartbeatTimeout: '45 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  })[ACTIVITY.submit];
}

/** One read, of which nothing is kept. */
export function getProxy(options: ResolvedJobOptions, summary: string): DocumentActivities[typeof ACTIVITY.get] {
  return proxy(options, {
    startToCloseTimeout: '60 seconds',
    scheduleToCloseTimeout: '10 minutes',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary,
  })[ACTIVITY.get];
}

/** Nothing depends on it but the reaper's patience. */
export function leaseProxy(options: ResolvedJobOptions, summary: string): DocumentActivities[typeof ACTIVITY.lease] {
  return proxy(options, {
    startToCloseTimeout: '60 seconds',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary,
  })[ACTIVITY.lease];
}

/** @param isUrgent the result may expire before it is read: it goes before others on the task queue. */
export function pollProxy(
  options: ResolvedJobOptions,
  windowMs: number,
  isUrgent: boolean,
  summary: string,
): DocumentActivities[typeof ACTIVITY.poll] {
  const urgent = isUrgent ? { ...options, priority: { ...options.priority, priorityKey: 1 } } : options;
  return proxy(urgent, {
    startToCloseTimeout: windowMs + COLLECT_SLACK_MS,
    scheduleToCloseTimeout: windowMs + 2 * COLLECT_SLACK_MS,
    heartbeatTimeout: windowHeartbeatMs(windowMs),
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary,
    ...defined({ retry: options.retry }),
  })[ACTIVITY.poll];
}

export function cancelProxy(
  options: ResolvedJobOptions,
  summary: string,
  patienceMs = CANCEL_PATIENCE_MS,
): DocumentActivities[typeof ACTIVITY.cancel] {
  return proxy(options, {
    // A job that was faster has a result, which is kept.
    startToCloseTimeout: options.cancelSettleMs + COLLECT_SLACK_MS,
    // A vendor that is down for hours must still learn of the cancel: a workflow that closes earlier leaves a job that bills.
    scheduleToCloseTimeout: 2 * options.cancelSettleMs + patienceMs,
    heartbeatTimeout: '30 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  })[ACTIVITY.cancel];
}

function proxy(options: ResolvedJobOptions, { retry, ...own }: ActivityOptions): DocumentActivities {
  return proxyActivities<DocumentActivities>({
    ...own,
    ...defined({ taskQueue: options.taskQueue, priority: options.priority }),
    retry: {
      ...retry,
      nonRetryableErrorTypes: [...NEVER_RETRIED, ...(retry?.nonRetryableErrorTypes ?? [])],
    },
  });
}
