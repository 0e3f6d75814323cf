import type { AccountRef } from './activities.js';
import type { JobRef, Operation } from './types.js';

/** A document that was uploaded to a vendor. */
export interface UploadRef extends AccountRef {
  /** The vendor's reference, as `uploadDocument` returned it. */
  reference: string;
}

/**
 * Input of the `forgetDocument` workflow: what is to be forgotten, by workflow id, by name, or both. Public JSON contract: fields are added,
 * never changed.
 */
export interface ForgetInput {
  /**
   * Workflow id of a document that has ended. All jobs and uploads that its histories name are forgotten: those of every run (retries, resets,
   * earlier starts under the same id) and those that were resubmitted, repaired, adopted or attached to.
   */
  workflowId?: string;
  /** Further jobs: those of a workflow whose history is gone, or of none. */
  jobs?: JobRef[];
  /** Further uploads. */
  uploads?: UploadRef[];
  /** How long a vendor or store in trouble is asked again, ms or a string such as `10m`. Default 10 minutes; then its places are `unreachable`. */
  patience?: number | string;
  /** Task queue of the activity. Default: the workflow's. */
  taskQueue?: string;
}

/** What the `forgetDocument` activity is asked. */
export interface ForgetActivityInput {
  input: ForgetInput;
}

/**
 * What became of one place:
 * - `erased`: it was there, was deleted, and was looked for again in vain
 * - `absent`: there was nothing, as after an earlier forget; as good as erased
 * - `expires`: nobody can delete it from here; it goes by itself at `at`
 * - `cannot`: nobody can delete it from here, and when it goes is not known; `how` says who can
 * - `refused`: vendor or store refuses for good; `how` says why
 * - `unreachable`: vendor or store was in trouble for longer than the patience; forget again
 */
export type ForgottenState = 'erased' | 'absent' | 'expires' | 'cannot' | 'refused' | 'unreachable';

/** One place where something of the document was, or may be. */
export interface ForgottenPlace {
  /**
   * `result`, `claim`, `asset`: objects in the result store. `vendor_job`, `vendor_upload`: at the vendor. `history`: a run of the workflow in
   * Temporal. `unknown_job`: jobs that may exist although no reply named them.
   */
  place: 'result' | 'claim' | 'asset' | 'vendor_job' | 'vendor_upload' | 'unknown_job' | 'history';
  /** Key in the store, job id, upload reference, or run id; of `unknown_job` the workflow id. */
  id: string;
  state: ForgottenState;
  provider?: string;
  account?: string;
  operation?: Operation;
  /** The job that an object of the store belongs to. */
  jobId?: string;
  /** ISO: when it was erased, or when it goes by itself. */
  at?: string;
  /** What to do about it, or why it is refused; without secrets. */
  how?: string;
  /** What the vendor answered when it refused. */
  httpStatus?: number;
}

/** What `forgetDocument` returns: proof of what was erased, and what is left for others to do. Holds ids, never content. */
export interface ForgetReport {
  schemaVersion: 1;
  workflowId: string | null;
  /** ISO; when the report was made. */
  at: string;
  /** True when all that can be erased from here is: no place is `refused` or `unreachable`. */
  complete: boolean;
  places: ForgottenPlace[];
  /** What the report can't see. */
  notes: string[];
}

/** Its id follows from the document's: two who forget one document do it once. */
export const forgetWorkflowId = (workflowId: string): string => `forget-${workflowId}`;

/** True when nothing is left that a second try could erase. */
export const isForgotten = (places: readonly ForgottenPlace[]): boolean =>
  places.every(({ state }) => state !== 'refused' && state !== 'unreachable');
