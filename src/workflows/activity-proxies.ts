import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/common';
import type { DocumentActivities } from '../jobs/activities.js';
import { ACTIVITY } from '../jobs/names.js';
import { FAILURE_TYPES } from '../jobs/failures.js';
import { windowHeartbeatMs } from '../jobs/wait-plan.js';
import type { ResolvedJobOptions } from './job-options.js';

/** The SDK's over-limit failure is retryable and would download, fail and retry for ever. */
const NEVER_RETRIED = [...FAILURE_TYPES, 'PayloadsTooLarge'];
/** A window's activity may overrun it by this much while it copies a finished result. */
const COLLECT_SLACK_MS = 10 * 60_000;

/*
 * Every proxy states its cancellation type: the SDK's unset default is TRY_CANCEL, under which a cancelled submit would lose the
 * job id of a job that the vendor accepted.
 */

export function uploadProxy(options: ResolvedJobOptions, summary: string): DocumentActivities[typeof ACTIVITY.upload] {
  return proxy(options, {
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: '60 seconds',
    scheduleToCloseTimeout: '2 hours',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  })[ACTIVITY.upload];
}

/** One POST and, when its reply is lost, the look for its job. The heartbeat time-out outlasts the POST's hard limit plus the list's delay. */
export function submitProxy(options: ResolvedJobOptions, summary: string): DocumentActivities[typeof ACTIVITY.submit] {
  return proxy(options, {
    startToCloseTimeout: '90 seconds',
    heartbeatTimeout: '45 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  })[ACTIVITY.submit];
}

export function pollProxy(
  options: ResolvedJobOptions,
  windowMs: number,
  summary: string,
): DocumentActivities[typeof ACTIVITY.poll] {
  return proxy(options, {
    startToCloseTimeout: windowMs + COLLECT_SLACK_MS,
    scheduleToCloseTimeout: windowMs + 2 * COLLECT_SLACK_MS,
    heartbeatTimeout: windowHeartbeatMs(windowMs),
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary,
  })[ACTIVITY.poll];
}

export function cancelProxy(options: ResolvedJobOptions, summary: string): DocumentActivities[typeof ACTIVITY.cancel] {
  return proxy(options, {
    startToCloseTimeout: options.cancelSettleMs + 60_000,
    scheduleToCloseTimeout: options.cancelSettleMs + 3 * 60_000,
    heartbeatTimeout: '30 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  })[ACTIVITY.cancel];
}

function proxy(options: ResolvedJobOptions, own: ActivityOptions): DocumentActivities {
  return proxyActivities<DocumentActivities>({
    ...own,
    ...(options.taskQueue === undefined ? {} : { taskQueue: options.taskQueue }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    retry: {
      ...options.retry,
      nonRetryableErrorTypes: [...NEVER_RETRIED, ...(options.retry?.nonRetryableErrorTypes ?? [])],
    },
  });
}
