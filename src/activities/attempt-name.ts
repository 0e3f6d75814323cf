import type { Context } from '@temporalio/activity';

/** Names this attempt of this activity, as no other is named: an activity that is reset counts its attempts anew, but not its time. */
export function attemptName({ info }: Context): string {
  return [
    info.workflowExecution?.runId ?? '',
    info.activityId,
    info.attempt,
    info.currentAttemptScheduledTimestampMs,
  ].join('/');
}
