/** The fields of a history event that cost is counted from; the history of `handle.fetchHistory()` has this shape. */
export interface CostEvent {
  workflowExecutionStartedEventAttributes?: object | null;
  workflowExecutionSignaledEventAttributes?: object | null;
  workflowExecutionUpdateAcceptedEventAttributes?: object | null;
  workflowExecutionContinuedAsNewEventAttributes?: object | null;
  activityTaskScheduledEventAttributes?: object | null;
  activityTaskStartedEventAttributes?: { attempt?: number | null } | null;
  timerStartedEventAttributes?: object | null;
  upsertWorkflowSearchAttributesEventAttributes?: object | null;
  startChildWorkflowExecutionInitiatedEventAttributes?: object | null;
}

export interface HistoryCost {
  /** Events in the history. */
  events: number;
  /** Billable actions that the history shows. Heartbeats and queries are billed too, but leave no event: they are not in it. */
  actions: number;
}

/**
 * Counts what a workflow's history cost, by the rules of Temporal Cloud's price list: workflow start, each activity attempt, timer,
 * signal, update, search-attribute upsert and continue-as-new 1 each, child workflow 2.
 * Source: docs.temporal.io/cloud/actions.
 */
export function historyCost(history: { events?: readonly CostEvent[] | null }): HistoryCost {
  const events = history.events ?? [];
  return { events: events.length, actions: events.reduce((sum, event) => sum + actionsOf(event), 0) };
}

function actionsOf(event: CostEvent): number {
  if (event.startChildWorkflowExecutionInitiatedEventAttributes) return 2;
  // The first attempt is counted where the activity is scheduled; the started event is written once, by its last attempt.
  if (event.activityTaskStartedEventAttributes) {
    return Math.max(0, (event.activityTaskStartedEventAttributes.attempt ?? 1) - 1);
  }
  const single =
    event.workflowExecutionStartedEventAttributes ??
    event.workflowExecutionSignaledEventAttributes ??
    event.workflowExecutionUpdateAcceptedEventAttributes ??
    event.workflowExecutionContinuedAsNewEventAttributes ??
    event.activityTaskScheduledEventAttributes ??
    event.timerStartedEventAttributes ??
    event.upsertWorkflowSearchAttributesEventAttributes;
  return single ? 1 : 0;
}
