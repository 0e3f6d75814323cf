import fc from 'fast-check';
import { describe, it } from 'vitest';
import { suspectsOf } from '../../src/activities/reap/suspects.js';
import type { HistoryEvent, Payloads, Temporal } from '../../src/histories/temporal-side.js';
import { JOB_IS_DONE } from '../../src/jobs/failures.js';
import { expect, RUNS } from '../support/properties.js';

/** How a submit's activity, and then its job, went as far as a history shows it. */
const SUBMITS = ['accepted', 'timed out after its beat', 'pending after its beat', 'not accepted', 'pending'] as const;
const ENDS = ['completed', 'failed', 'cancelled', 'done', 'cancel:cancelled', 'cancel:completed_anyway'] as const;
const GOES_ON = ['pending', 'lost', 'poll timed out', 'cancel:unknown', 'cancel failed'] as const;
const life = fc.record({
  submit: fc.constantFrom(...SUBMITS),
  then: fc.array(fc.constantFrom(...ENDS, ...GOES_ON, ...GOES_ON), { maxLength: 3 }),
  /** In which of two runs, the first continued as the second, the job was submitted, and its end seen. */
  submitRun: fc.nat(1),
  endRun: fc.nat(1),
});
type Life = typeof life extends fc.Arbitrary<infer L> ? L : never;

/** Stands for an encoded value: the fake Temporal below only unwraps it. */
const encoded = (value: unknown): Payloads => ({ payloads: [value as never] });
const isKnown = ({ submit }: Life): boolean => submit !== 'not accepted' && submit !== 'pending';
const hasEnded = ({ then }: Life): boolean => then.some((one) => (ENDS as readonly string[]).includes(one));

class Run {
  readonly events: HistoryEvent[] = [];
  readonly pending: { activityId: string; heartbeat: unknown }[] = [];

  constructor(continuedExecutionRunId: string) {
    this.events.push({ eventId: 1, workflowExecutionStartedEventAttributes: { continuedExecutionRunId } } as never);
  }

  /** Schedules an activity, and writes how it ended if it did. */
  activity(name: string, input: unknown, end: object | null): string {
    const eventId = this.events.length + 1;
    const activityId = `a${eventId}`;
    const scheduled = { activityType: { name }, activityId, input: encoded(input) };
    this.events.push({ eventId, activityTaskScheduledEventAttributes: scheduled } as never);
    if (end === null) return activityId;
    const [[kind, facts]] = Object.entries(end) as [[string, object]];
    this.events.push({ eventId: eventId + 1, [kind]: { scheduledEventId: eventId, ...facts } } as never);
    return activityId;
  }
}

const completedWith = (result: unknown) => ({ activityTaskCompletedEventAttributes: { result: encoded(result) } });
const failedAs = (type: string) => ({
  activityTaskFailedEventAttributes: { failure: { applicationFailureInfo: { type } } },
});
const timedOutWith = (beat: unknown) => ({
  activityTaskTimedOutEventAttributes: {
    failure: { timeoutFailureInfo: { lastHeartbeatDetails: beat === undefined ? null : encoded(beat) } },
  },
});

function submit(run: Run, jobId: string, { submit: how }: Life): void {
  const request = { operation: 'parse', input: 'x' };
  const marker = { firstExecutionRunId: 'first', origin: 'x', ordinal: 0, resubmit: 0 };
  const input = { provider: 'p', account: 'a', request, marker };
  const ends: Record<string, object> = {
    accepted: completedWith({ outcome: 'accepted', jobId, at: '2026-11-24T09:00:00.000Z' }),
    'not accepted': completedWith({ outcome: 'not_accepted' }),
    'timed out after its beat': timedOutWith({ jobId, posts: 1 }),
  };
  const activityId = run.activity('submitDocumentJob', input, ends[how] ?? null);
  if (how === 'pending after its beat') run.pending.push({ activityId, heartbeat: { jobId, posts: 1 } });
  if (how === 'pending') run.pending.push({ activityId, heartbeat: { posts: 1 } });
}

function goOn(run: Run, jobId: string, how: string): void {
  const input = { job: { provider: 'p', account: 'a', operation: 'parse', jobId } };
  const [doneType = ''] = JOB_IS_DONE;
  const [name, outcome] = how.split(':');
  if (name === 'cancel') run.activity('cancelDocumentJob', input, completedWith({ outcome }));
  else if (how === 'cancel failed') run.activity('cancelDocumentJob', input, failedAs('DocumentVendorTrouble'));
  else if (how === 'done') run.activity('pollDocumentJob', input, failedAs(doneType));
  else if (how === 'poll timed out') run.activity('pollDocumentJob', input, timedOutWith(undefined));
  else run.activity('pollDocumentJob', input, completedWith({ state: how }));
}

function historyOf(lives: Life[]): { temporal: Temporal; runs: Record<string, Run> } {
  const runs: Record<string, Run> = { first: new Run(''), second: new Run('first') };
  const runOf = (index: number): Run => (index === 0 ? runs.first : runs.second) as Run;
  lives.forEach((one, index) => submit(runOf(one.submitRun), `job-${index}`, one));
  lives.forEach((one, index) => {
    for (const how of isKnown(one) ? one.then : [])
      goOn(runOf(Math.max(one.submitRun, one.endRun)), `job-${index}`, how);
  });
  const temporal = {
    history: async (_id: string, runId: string) => runs[runId]?.events ?? [],
    pendingActivities: async (_id: string, runId: string) => runs[runId]?.pending ?? [],
    decode: async (payloads: Payloads) => payloads?.payloads?.[0],
  } as unknown as Temporal;
  return { temporal, runs };
}

describe('suspectsOf', () => {
  it('is every job that a history knows of, in whichever run, less those whose end it shows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 4 }), async (lives) => {
        const suspects = await suspectsOf(historyOf(lives).temporal, 'wf', 'second');
        const expected = lives.flatMap((one, index) => (isKnown(one) && !hasEnded(one) ? [`job-${index}`] : []));
        expect(suspects.map(({ job }) => job.jobId).sort()).toEqual(expected);
        for (const { job, owner } of suspects) {
          expect(job).toMatchObject({ provider: 'p', account: 'a', operation: 'parse' });
          expect(owner).toEqual({ workflowId: 'wf', firstExecutionRunId: 'first' });
        }
      }),
      RUNS,
    );
  });
});
