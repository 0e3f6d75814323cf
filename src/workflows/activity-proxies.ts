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
    ...(options.retry === undefined ? {} : { retry: options.retry }),
  })[ACTIVITY.upload];
}

/** One POST and, when its reply is lost, the look for its job. The heartbeat time-out outlasts the POST's hard limit plus the list's delay. */
export function submitProxy(options: ResolvedJobOptions, summary: string): DocumentActivities[typeof ACTIVITY.submit] {
  return proxy(options, {
    startToCloseTimeout: '90 seconds',
    // No end in itself: the workflow looks at its deadline and at cancellation, and goes on with a look for the job.
    scheduleToCloseTimeout: '5 minutes',
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
    ...(options.retry === undefined ? {} : { retry: options.retry }),
  })[ACTIVITY.poll];
}

export function cancelProxy(options: ResolvedJobOptions, summary: string): DocumentActivities[typeof ACTIVITY.cancel] {
  return proxy(options, {
    startToCloseTimeout: options.cancelSettleMs + 60_000,
    // A vendor that is down for hours must still learn of the cancel: a workflow that closes earlier leaves a job that bills.
    scheduleToCloseTimeout: options.cancelSettleMs + CANCEL_PATIENCE_MS,
    heartbeatTimeout: '30 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  })[ACTIVITY.cancel];
}

function proxy(options: ResolvedJobOptions, { retry, ...own }: ActivityOptions): DocumentActivities {
  return proxyActivities<DocumentActivities>({
    ...own,
    ...(options.taskQueue === undefined ? {} : { taskQueue: options.taskQueue }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    retry: {
      ...retry,
      nonRetryableErrorTypes: [...NEVER_RETRIED, ...(retry?.nonRetryableErrorTypes ?? [])],
    },
  });
}
