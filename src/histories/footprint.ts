import type { OperationRequest } from '../jobs/activities.js';
import type { UploadRef } from '../jobs/forget.js';
import type { JobRef, Outcome, ResultRef, Usage } from '../jobs/types.js';
import { activitiesOf, timeOf } from './activities-of.js';
import { readActivity } from './read-activity.js';
import type { HistoryEvent, Temporal } from './temporal-side.js';

/** What the runs of a workflow have left in the world, as their histories tell it. */
export interface Footprint {
  workflowId: string;
  /** The latest first. */
  runs: FootprintRun[];
  /** In the order in which they were submitted. */
  jobs: FootprintJob[];
  uploads: FootprintUpload[];
  /** POSTs of which nobody knows whether they made a job. */
  unknownSubmits: number;
  /** Activities that had not ended when their workflow did: a worker may still be at it. */
  unended: number;
  /** Workflow ids of children, which have histories of their own. */
  children: string[];
}

export interface FootprintRun {
  runId: string;
  startedAt: string;
  /** ISO; null while it runs. */
  closedAt: string | null;
}

export interface FootprintJob {
  job: JobRef;
  /** What was asked; null for a job that was submitted elsewhere. */
  request: OperationRequest | null;
  /** The document as the user named it; several are joined by line breaks. */
  origin: string | null;
  /** Which of the vendor's models the worker had pinned; null when it did not say. */
  model: string | null;
  /** ISO. */
  submittedAt: string | null;
  endedAt: string | null;
  outcome: Outcome | null;
  usage: Usage | null;
  stored: ResultRef | null;
}

export interface FootprintUpload extends UploadRef {
  /** As the workflow named it. */
  source: string;
  /** False for what went with the submit. */
  uploaded: boolean;
  sha256: string | null;
}

/** More runs than any retry policy makes in the time that a server keeps them. */
const MAX_RUNS = 1_000;

/**
 * Reads the histories of all runs under a workflow id: those that a list shows, and, where there is no list, those that each run names as its
 * predecessor. @returns null for an id that Temporal does not know (any more).
 */
export async function footprintOf(temporal: Temporal, workflowId: string): Promise<Footprint | null> {
  const listed = await temporal.runs(workflowId);
  if (listed.length === 0) return null;
  const found: Footprint = { workflowId, runs: [], jobs: [], uploads: [], unknownSubmits: 0, unended: 0, children: [] };
  const queue = [...listed];
  const histories: { runId: string; events: HistoryEvent[] }[] = [];
  for (let next = 0; next < queue.length && next < MAX_RUNS; next++) {
    const runId = queue[next] ?? '';
    const events = await temporal.historyIfKept(workflowId, runId);
    if (events === null) continue;
    histories.push({ runId, events });
    for (const earlier of predecessorsOf(events)) if (!queue.includes(earlier)) queue.push(earlier);
  }
  // Oldest first: what a later run says of a job counts.
  histories.sort((a, b) => timeOf(a.events[0] ?? {}) - timeOf(b.events[0] ?? {}));
  for (const { runId, events } of histories) await addRun(temporal, found, runId, events);
  found.runs.reverse();
  return found.runs.length === 0 ? null : found;
}

/** The runs that this one went on from: by retry or continue-as-new, and by a reset. */
export function predecessorsOf(events: readonly HistoryEvent[]): string[] {
  return events.flatMap((event) => {
    const runId =
      event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ??
      event.workflowTaskFailedEventAttributes?.baseRunId;
    return runId ? [runId] : [];
  });
}

async function addRun(temporal: Temporal, found: Footprint, runId: string, events: HistoryEvent[]): Promise<void> {
  const [first, last] = [events[0] ?? {}, events.at(-1) ?? {}];
  const iso = (event: HistoryEvent): string => new Date(timeOf(event)).toISOString();
  found.runs.push({ runId, startedAt: iso(first), closedAt: isClose(last) ? iso(last) : null });
  const activities = activitiesOf(events);
  const unended = activities.filter(({ end }) => end === null);
  found.unended += unended.length;
  const beats = new Map<string, unknown>();
  if (unended.length > 0) {
    for (const { activityId, heartbeat } of await temporal.pendingActivities(found.workflowId, runId)) {
      beats.set(activityId, heartbeat);
    }
  }
  /** Submits whose fate the run did not live, or was not able, to see; those that came to something later are taken off. */
  const inDoubt = new Set<string>();
  for (const activity of activities) {
    const told = await readActivity(temporal, activity, beats.get(activity.activityId));
    if (told.submit) {
      const { marker, posts, isSettled } = told.submit;
      if (isSettled) inDoubt.delete(marker);
      else inDoubt.add(marker);
      found.unknownSubmits += posts;
    }
    if (told.upload) addUpload(found, told.upload);
    if (told.job) addJob(found, told.job);
  }
  found.unknownSubmits += inDoubt.size;
  for (const { childWorkflowExecutionStartedEventAttributes: child } of events) {
    const id = child?.workflowExecution?.workflowId;
    if (id && !found.children.includes(id)) found.children.push(id);
  }
}

function addUpload({ uploads }: Footprint, upload: FootprintUpload): void {
  const isKnown = uploads.some(({ reference, source }) => reference === upload.reference && source === upload.source);
  if (!isKnown) uploads.push(upload);
}

/** A job is told of by its submit, then by its polls or its cancel: each adds what it knows. */
function addJob({ jobs }: Footprint, facts: Partial<FootprintJob> & Pick<FootprintJob, 'job'>): void {
  const { job } = facts;
  let known = jobs.find((one) => one.job.jobId === job.jobId && one.job.account === job.account);
  if (known === undefined) {
    const nothing = { request: null, origin: null, model: null, submittedAt: null, endedAt: null };
    known = { job, ...nothing, outcome: null, usage: null, stored: null };
    jobs.push(known);
  }
  for (const [name, value] of Object.entries(facts)) if (value != null) Object.assign(known, { [name]: value });
}

const isClose = (event: HistoryEvent): boolean =>
  [
    event.workflowExecutionCompletedEventAttributes,
    event.workflowExecutionFailedEventAttributes,
    event.workflowExecutionTimedOutEventAttributes,
    event.workflowExecutionCanceledEventAttributes,
    event.workflowExecutionTerminatedEventAttributes,
    event.workflowExecutionContinuedAsNewEventAttributes,
  ].some((attributes) => attributes != null);
