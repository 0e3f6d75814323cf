import type { JsonObject } from './json.js';
import type { ProcessDocumentInput } from './process-document.js';
import type { Operation, Outcome, ParsedReference, ResultRef } from './types.js';

/** Where the documents of a batch are listed. */
export type BatchManifest =
  /** JSON Lines or CSV with a header line, told by its ending (`.jsonl`, `.ndjson`, `.csv`), or by `format`. Columns: see {@link BatchRowInput}. */
  | { kind: 'file'; path: string; format?: 'jsonl' | 'csv' }
  /** Every file below a folder of the worker's that can be sent to a vendor, in the order of their paths. */
  | { kind: 'folder'; path: string }
  /** Every object under a prefix; needs the `s3` source of `createDocumentActivities({ batchSources })`. Documents are named by signed or public URL there. */
  | { kind: 's3'; bucket: string; prefix?: string }
  /** A source that the worker was given by this name. `args` is handed to it. */
  | { kind: 'source'; name: string; args?: JsonObject };

/** One document as a manifest lists it. */
export interface BatchRowInput {
  /** https URL, vendor reference, or path / `file:` URL that the worker's source resolver accepts. */
  source: string;
  /** Names the document for ever, ≤ 200 characters. Default: the source itself. Twice the same id is an error of the second row. */
  id?: string;
  /** Whose document it is: tenants take turns. ≤ 64 bytes. Default: one tenant for all. */
  tenant?: string;
  /** 1 (first) to 5 (last). Default 3. */
  priority?: number;
  /** Pages, when known; for the forecast. */
  pages?: number;
  /**
   * Which content the document has, ≤ 200 characters: with another one it is another document to pay for. Folders and listings set it by
   * themselves. Default: the id alone names the document, whatever it holds.
   */
  version?: string;
}

/** Input of `processBatch`. Public JSON contract: fields are added, never changed. */
export interface ProcessBatchInput {
  manifest: BatchManifest;
  /** What is asked of each document. `results` is `stored` unless told otherwise. */
  request?: Omit<ProcessDocumentInput, 'source' | 'parsed'>;
  /** Documents under way at once, 1 to 2,000. Default 200. Changed by {@link BATCH_UPDATE}. */
  window?: number;
  /** Documents started a second, at most. Default 20: a small Temporal server takes about 40. */
  startsPerSecond?: number;
  /** At so many credits or pages (of documents that have ended), nothing more is started: `ask` waits for an update, `stop` ends the batch. */
  budget?: BatchBudget;
  /** Begin paused. Default false. */
  paused?: boolean;
  /** Makes documents that were processed before be processed again: part of their identity. Default none. */
  force?: string;
  /** Do again what an earlier batch left: its documents instead of those of the manifest. */
  redrive?: { batchId: string; select: BatchSelection };
  /** Task queue of the children and of all activities. Default: the workflow's. */
  taskQueue?: string;
  /** History events after which the workflow goes on as a new run, 50 to 20,000. Default 10,000. */
  eventsPerRun?: number;
}

export interface BatchBudget {
  credits?: number;
  pages?: number;
  /** Default `ask`. */
  then?: 'ask' | 'stop';
}

/** Which rows of a batch's record. All that is given must hold; nothing given selects every row that is not `done`. */
export interface BatchSelection {
  states?: BatchRowState[];
  /** Failure types. */
  errors?: string[];
  ids?: string[];
}

/** How a document ended. `cancelled`: with its batch, or by somebody. `not_started`: the batch ended before it. */
export type BatchRowState = 'done' | 'done_with_gaps' | 'refused' | 'failed' | 'cancelled' | 'not_started';

/** One document of a batch, ready to be started: what a page of the plan holds. */
export interface BatchDocument {
  /** Place in the manifest, from 0. */
  index: number;
  id: string;
  source: string;
  /** Of its workflow: the same document asked the same has the same, in whatever batch. */
  workflowId: string;
  tenant?: string;
  priority?: number;
  pages?: number;
  /** A parse of an earlier drive that may still live. */
  parsed?: ParsedReference;
}

/** What the workflow of one document returns, ≤ 2 kB of JSON; also the second detail of its failure. */
export interface BatchDocumentEnd {
  /** Never `not_started`. */
  state: BatchRowState;
  /** Of what failed, or of the first gap: a `FailureType`, or Temporal's word. Without secrets, ≤ 300 characters of reason. */
  error?: { type: string; reason: string; vendorCode?: string; operation?: string };
  jobs: BatchJob[];
  /** How many jobs found no room here; absent when none. */
  jobsLeftOut?: number;
  /** Of the document, where known; else what the vendor counted. */
  pages: number | null;
  credits: number | null;
  /** ISO. */
  startedAt: string;
  endedAt: string;
  /** To do only the rest again. */
  parsed?: ParsedReference;
}

export interface BatchJob {
  operation: Operation;
  jobId: string | null;
  outcome: Outcome;
  submits: number;
  reads: number;
  pages: number | null;
  credits: number | null;
  submittedAt: string;
  endedAt: string;
  /** Key, size and hash of its result in the store. */
  stored?: Pick<ResultRef, 'key' | 'size' | 'sha256'>;
}

/** One row of the batch record: the last one of an id counts. No URL's query, no key, no text of a document stands in it. */
export interface BatchRow extends Omit<BatchDocumentEnd, 'startedAt' | 'endedAt'> {
  schemaVersion: 1;
  index: number;
  id: string;
  /** Without query and user. */
  source: string;
  tenant?: string;
  /** Null for a row of the manifest that could not be used. */
  workflowId: string | null;
  /** The document had been processed before, or by somebody else: nothing was paid for this batch. */
  reused?: true;
  /** Which drive of the batch: 0, then +1 with each re-drive. */
  drive: number;
  startedAt: string | null;
  endedAt: string | null;
}

/** Answer of the `documentBatchStatus` query, and result of the workflow. */
export interface BatchStatus {
  schemaVersion: 1;
  batchId: string;
  /** Which drive this is: 0, then +1 with each re-drive. */
  drive: number;
  stage: 'planning' | 'running' | 'paused' | 'budget_reached' | 'cancelling' | 'ended';
  /** Null while planning. */
  documents: number | null;
  /** Rows of the manifest that could not be used; they are `refused` in the record. */
  unusableRows: number;
  started: number;
  running: number;
  ended: Record<BatchRowState, number>;
  reused: number;
  pages: number | null;
  credits: number | null;
  /** Documents by failure type. */
  errors: Record<string, number>;
  window: number;
  startsPerSecond: number;
  budget: BatchBudget | null;
  startedAt: string;
  /** ISO; null while it runs. */
  endedAt: string | null;
  /** Of the record's segments: so many are written. */
  segments: number;
  /** The ten that have been running longest: id, workflow id, since when (ISO). */
  slowest: { id: string; workflowId: string; since: string }[];
  /** What is in the way and tried again: the record or the plan can't be reached. Absent when nothing is. */
  trouble?: string;
}

/** Argument of the update that changes a running batch; what is left out stays. */
export interface BatchChange {
  paused?: boolean;
  window?: number;
  startsPerSecond?: number;
  /** Null takes it away. */
  budget?: BatchBudget | null;
  /** Stop: cancel what runs at the vendor, start nothing more. As a cancellation of the workflow, but the workflow completes. */
  cancel?: true;
}
