import type { HistoryEvent, Payloads } from './temporal-side.js';

/** One activity that a history shows. */
export interface HistoryActivity {
  type: string;
  activityId: string;
  input: Payloads;
  /** Null when it had not ended when the history did. */
  end: ActivityEnd | null;
}

/** How an activity ended. */
export interface ActivityEnd {
  result?: Payloads;
  lastHeartbeat?: Payloads;
  /** The failure's type. */
  failure?: string | null | undefined;
  /** ms since the epoch. */
  at: number;
}

/** The activities of one run, in the order in which they were scheduled. */
export function activitiesOf(events: readonly HistoryEvent[]): HistoryActivity[] {
  const byEvent = new Map<string, HistoryActivity>();
  for (const event of events) {
    const begun = event.activityTaskScheduledEventAttributes;
    if (begun) {
      const { activityType, activityId, input } = begun;
      byEvent.set(String(event.eventId), {
        type: activityType?.name ?? '',
        activityId: activityId ?? '',
        input,
        end: null,
      });
    }
    const over = overOf(event);
    const activity = over && byEvent.get(String(over.scheduledEventId));
    if (over && activity) activity.end = { ...over, at: timeOf(event) };
  }
  return [...byEvent.values()];
}

/** How an activity ended, if this event says so. */
export function overOf(event: HistoryEvent): {
  scheduledEventId: unknown;
  result?: Payloads;
  lastHeartbeat?: Payloads;
  /** The failure's type. */
  failure?: string | null | undefined;
} | null {
  const { activityTaskCompletedEventAttributes: completed, activityTaskFailedEventAttributes: failed } = event;
  const { activityTaskTimedOutEventAttributes: timedOut, activityTaskCanceledEventAttributes: cancelled } = event;
  if (completed) return { scheduledEventId: completed.scheduledEventId, result: completed.result };
  if (failed) {
    return { scheduledEventId: failed.scheduledEventId, failure: failed.failure?.applicationFailureInfo?.type };
  }
  if (timedOut) {
    const lastHeartbeat = timedOut.failure?.timeoutFailureInfo?.lastHeartbeatDetails;
    return { scheduledEventId: timedOut.scheduledEventId, lastHeartbeat };
  }
  return cancelled ? { scheduledEventId: cancelled.scheduledEventId } : null;
}

/** When an event happened, ms since the epoch; 0 when it does not say. */
export const timeOf = ({ eventTime }: HistoryEvent): number =>
  Number(eventTime?.seconds ?? 0) * 1_000 + Number(eventTime?.nanos ?? 0) / 1e6;
