import type {
  CancelInput,
  CancelOutput,
  PollInput,
  PollOutput,
  SubmitBeat,
  SubmitInput,
  SubmitOutput,
} from '../../jobs/activities.js';
import { JOB_IS_DONE } from '../../jobs/failures.js';
import { ACTIVITY } from '../../jobs/names.js';
import type { JobHolder, JobRef } from '../../jobs/types.js';
import { overOf } from '../../histories/activities-of.js';
import type { HistoryEvent, Payloads, Temporal } from '../../histories/temporal-side.js';

/** A job of which it is not known that it has ended. */
export interface Suspect {
  job: JobRef;
  owner: JobHolder;
  foundIn: 'history' | 'heartbeat' | 'vendor';
  /** ISO, as far as known. */
  submittedAt: string | null;
}

/** Continued runs are followed back so far: who continues as new with a job running is to attach to it. */
const MAX_RUNS = 20;

/** The jobs that a closed workflow submitted, in this run and those that it continued, whose end its histories do not show. */
export async function suspectsOf(temporal: Temporal, workflowId: string, lastRunId: string): Promise<Suspect[]> {
  const found = new Map<string, Suspect>();
  const ended = new Set<string>();
  let runId: string | null | undefined = lastRunId;
  for (let run = 0; run < MAX_RUNS && runId; run++) {
    const events: HistoryEvent[] = await temporal.history(workflowId, runId);
    await readRun(temporal, { workflowId, runId, events }, found, ended);
    runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  }
  return [...found.values()].filter(({ job }) => !ended.has(job.jobId));
}

async function readRun(
  temporal: Temporal,
  run: { workflowId: string; runId: string; events: HistoryEvent[] },
  found: Map<string, Suspect>,
  ended: Set<string>,
): Promise<void> {
  const { workflowId, runId, events } = run;
  const decode = (payloads: Payloads): Promise<unknown> => temporal.decode(payloads);
  const scheduled = new Map<string, Scheduled>();
  const submitsUnderWay = new Set<Scheduled>();
  const suspect = async (
    { input }: Scheduled,
    jobId: string,
    foundIn: Suspect['foundIn'],
    submittedAt: string | null,
  ): Promise<void> => {
    const { provider, account, request, marker } = (await decode(input)) as SubmitInput;
    const job = { provider, account, operation: request.operation, jobId };
    const owner = { workflowId, firstExecutionRunId: marker.firstExecutionRunId };
    found.set(jobId, { job, owner, foundIn, submittedAt });
  };

  for (const event of events) {
    const begun = event.activityTaskScheduledEventAttributes;
    if (begun) {
      const one = { type: begun.activityType?.name ?? '', activityId: begun.activityId ?? '', input: begun.input };
      scheduled.set(String(event.eventId), one);
      if (one.type === ACTIVITY.submit) submitsUnderWay.add(one);
    }
    const over = overOf(event);
    const activity = over && scheduled.get(String(over.scheduledEventId));
    if (!over || !activity) continue;
    submitsUnderWay.delete(activity);
    if (activity.type === ACTIVITY.submit) {
      const { outcome, jobId, at } = ((await decode(over.result)) ?? {}) as Partial<
        Extract<SubmitOutput, { jobId: string }>
      >;
      if (outcome === 'accepted' && jobId !== undefined) await suspect(activity, jobId, 'history', at ?? null);
      const beat = (await decode(over.lastHeartbeat)) as SubmitBeat | undefined;
      if (beat?.jobId !== undefined) await suspect(activity, beat.jobId, 'heartbeat', null);
    } else if (activity.type === ACTIVITY.poll) {
      const { job } = (await decode(activity.input)) as PollInput;
      const { state } = ((await decode(over.result)) ?? {}) as Partial<PollOutput>;
      const isDone = state === 'completed' || state === 'failed' || state === 'cancelled';
      if (isDone || JOB_IS_DONE.has(over.failure ?? '')) ended.add(job.jobId);
    } else if (activity.type === ACTIVITY.cancel) {
      const { job } = (await decode(activity.input)) as CancelInput;
      const { outcome } = ((await decode(over.result)) ?? {}) as Partial<CancelOutput>;
      if (outcome !== undefined && outcome !== 'unknown') ended.add(job.jobId);
    }
  }

  if (submitsUnderWay.size === 0) return;
  for (const { activityId, heartbeat } of await temporal.pendingActivities(workflowId, runId)) {
    const activity = [...submitsUnderWay].find((one) => one.activityId === activityId);
    const { jobId } = (heartbeat ?? {}) as Partial<SubmitBeat>;
    if (activity && jobId !== undefined) await suspect(activity, jobId, 'heartbeat', null);
  }
}

interface Scheduled {
  type: string;
  activityId: string;
  input: Payloads;
}
