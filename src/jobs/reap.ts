import type { JobRef, Outcome, ResultRef } from './types.js';

/** Input of the `reapOrphanedJobs` workflow. Public JSON contract: fields are added, never changed. */
export interface ReapInput {
  /** How long ago a workflow may have closed, ms or a string such as `24h`. Default: what the last scheduled sweep left, at most 24 hours. */
  since?: number | string;
  /** Workflow types that submit document jobs, beside ours. */
  workflowTypes?: string[];
  /** Visibility query instead of the types and the ends that are looked for (terminated, timed out, failed, cancelled). */
  query?: string;
  /** Younger jobs are left alone, ms or a string. Default 5 minutes. */
  minimumAge?: number | string;
  /** Tell what would be cancelled, and cancel nothing. */
  dryRun?: boolean;
  /** Accounts whose vendor's own job list is searched too. Default: all that the worker names. */
  accounts?: string[];
  /** Task queue of the activities. Default: the workflow's. */
  taskQueue?: string;
}

/** A job that no living workflow waits for. */
export interface ReapedJob extends JobRef {
  workflowId: string;
  /** Where its id was: in the workflow's history, in a running activity's last heartbeat, or only at the vendor. */
  foundIn: 'history' | 'heartbeat' | 'vendor';
  submittedAt: string | null;
  /**
   * What became of it. `running`: a dry run left it so. `completed`: it had ended before, and nobody has its result. `unknown`: the vendor
   * could not be asked or told, or did not say; the next sweep tries again.
   */
  outcome: Outcome | 'running';
  pages: number | null;
  credits: number | null;
  /** The finished body of a job that was faster than its cancel. */
  stored?: ResultRef;
  /** Why the outcome is not known. */
  reason?: string;
}

/** What `reapOrphanedJobs` returns. */
export interface ReapReport {
  schemaVersion: 1;
  dryRun: boolean;
  /** ISO; of the workflows' ends. */
  sweptFrom: string;
  sweptUntil: string;
  /** Closed workflows that were looked at. */
  workflows: number;
  /** Jobs of theirs whose end is not in their history, and running jobs at the vendors that carry our namespace. */
  suspects: number;
  /** Of these, jobs that a living workflow waits for. */
  owned: number;
  /** And jobs that are too young to be sure of. */
  young: number;
  /** The first 500. */
  orphans: ReapedJob[];
  notListed: number;
  /** Orphans of which the outcome is not known, listed or not. */
  unresolved: number;
  /** What was left out, and why. */
  notes: string[];
}

/** A sweep on its way. */
export interface ReapProgress extends ReapReport {
  /** Where it goes on; null when it is through. */
  next: ReapPosition | null;
  /** Jobs that need not be asked about again: one may be found in its workflow's history and at its vendor. */
  seen: string[];
}

export type ReapPosition =
  | { part: 'workflows'; pageToken: string }
  /** Accounts still to be searched, the first one from `cursor`. */
  | { part: 'vendors'; accounts: string[]; cursor?: string };

/** A sweep that has not begun. */
export const newSweep = (about: Pick<ReapReport, 'dryRun' | 'sweptFrom' | 'sweptUntil'>): ReapProgress => ({
  schemaVersion: 1,
  ...about,
  workflows: 0,
  suspects: 0,
  owned: 0,
  young: 0,
  orphans: [],
  notListed: 0,
  unresolved: 0,
  notes: [],
  next: { part: 'workflows', pageToken: '' },
  seen: [],
});

/** Beyond it orphans are only counted: the report stands in a workflow's history. */
export const MAX_LISTED = 500;
export const MAX_SEEN = 2_000;

const ENDS = ['Terminated', 'TimedOut', 'Failed', 'Canceled'];

/** The visibility query for closed workflows that may have left jobs. */
export function closedWorkflowsQuery(
  { workflowTypes = [], query }: ReapInput,
  ownTypes: readonly string[],
  { sweptFrom, sweptUntil }: Pick<ReapReport, 'sweptFrom' | 'sweptUntil'>,
): string {
  const types = [...new Set([...ownTypes, ...workflowTypes])];
  const which = query ?? `WorkflowType IN (${quoted(types)}) AND ExecutionStatus IN (${quoted(ENDS)})`;
  return `(${which}) AND CloseTime >= '${sweptFrom}' AND CloseTime < '${sweptUntil}'`;
}

const quoted = (words: readonly string[]): string => words.map((word) => `'${word.replaceAll("'", "''")}'`).join(', ');

/** Workflow id of the lease of whoever attached to a job, one slot for each who did, from 0. */
export const leaseWorkflowId = ({ provider, jobId }: JobRef, slot: number): string =>
  `document-job-lease/${provider}/${jobId}/${slot}`;
