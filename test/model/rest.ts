import { setTimeout } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';

/** Where a workflow is, as its history tells. */
export interface Rest {
  isClosed: boolean;
  /** A workflow task is under way: what it will do is not known yet. */
  isBusy: boolean;
  /** Activities that have not ended. */
  activities: number;
  timers: number;
  isCancelRequested: boolean;
  signals: number;
}

const EVERY_MS = 5;
/** Real time: nothing that is waited for takes simulated time. */
const LIMIT_MS = 5_000;

/** Waits until the workflow is where it is wanted. @returns false when it ended, or did not come there in time. */
export async function comesTo(handle: WorkflowHandle, wanted: (rest: Rest) => boolean): Promise<boolean> {
  const end = Date.now() + LIMIT_MS;
  while (Date.now() < end) {
    const rest = await restOf(handle);
    if (!rest.isBusy && wanted(rest)) return true;
    if (rest.isClosed) return false;
    await setTimeout(EVERY_MS);
  }
  return false;
}

/** Of Temporal's `PendingActivityState`. */
const STARTED = 2;

/** Waits until no more than so many activities are in a worker's hands: others have ended, or wait to be tried again. */
export async function hasStarted(handle: WorkflowHandle, most: () => number): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  while (Date.now() < end) {
    const { pendingActivities } = (await handle.describe()).raw;
    if ((pendingActivities ?? []).filter(({ state }) => Number(state) === STARTED).length <= most()) return;
    await setTimeout(EVERY_MS);
  }
}

/** Now. */
export async function restOf(handle: WorkflowHandle): Promise<Rest> {
  const { events } = await handle.fetchHistory();
  const rest: Rest = { isClosed: false, isBusy: false, activities: 0, timers: 0, isCancelRequested: false, signals: 0 };
  for (const event of events ?? []) {
    if (event.workflowTaskScheduledEventAttributes) rest.isBusy = true;
    else if (event.workflowTaskCompletedEventAttributes) rest.isBusy = false;
    else if (event.activityTaskScheduledEventAttributes) rest.activities += 1;
    else if (
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes
    )
      rest.activities -= 1;
    else if (event.timerStartedEventAttributes) rest.timers += 1;
    else if (event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes) rest.timers -= 1;
    else if (event.workflowExecutionSignaledEventAttributes) rest.signals += 1;
    else if (event.workflowExecutionCancelRequestedEventAttributes) rest.isCancelRequested = true;
    else if (
      event.workflowExecutionCompletedEventAttributes ??
      event.workflowExecutionFailedEventAttributes ??
      event.workflowExecutionCanceledEventAttributes ??
      event.workflowExecutionTerminatedEventAttributes ??
      event.workflowExecutionTimedOutEventAttributes
    )
      rest.isClosed = true;
  }
  return rest;
}
