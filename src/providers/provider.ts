import type { OperationRequest } from '../jobs/activities.js';
import type { JsonValue } from '../jobs/json.js';
import type {
  AssetKind,
  JobOwner,
  JobSnapshot,
  JobStatus,
  Operation,
  Section,
  SectionValue,
  Usage,
} from '../jobs/types.js';
import type { Quota } from './quota.js';

export type { Quota };

/** Passed to each call to a vendor, so that providers know nothing of Temporal. */
export interface CallContext {
  /** Aborts the HTTP call; its reason is rethrown unchanged. */
  signal?: AbortSignal;
  /** Goes before other calls that wait for the account's quota: a cancel, a result that would expire. Default false. */
  urgent?: boolean;
  /** How long the call may wait for its turn under the quota, and for a vendor that does not answer, ms. Default a few seconds, and not at all. */
  patienceMs?: number;
  /** The caller has had a turn for it. Default false. */
  admitted?: boolean;
}

/** A document that lies on the worker. */
export interface DocumentFile {
  /** File name with extension, as the vendor shall see it. */
  filename: string;
  contentType: string;
  /** Bytes. */
  size: number;
  /** Local path of the bytes; providers stream from it. */
  path: string;
}

/** Passed to a submit. */
export interface SubmitContext extends CallContext {
  /** The document itself, for an operation of {@link Provider.fileOperations} whose input lies on the worker. */
  file?: DocumentFile;
  /** Whether the vendor is to call when the job has ended, where the account is configured for it. Default false. */
  webhook?: boolean;
}

/** What a submit leaves at the vendor, where the vendor takes notes, so that its job can be told from all others. */
export interface SubmitStamp {
  /** Names the submit for ever: 64 characters of lower-case hex. */
  marker: string;
  /** Absent when the worker could not tell. */
  owner?: JobOwner;
}

/** What a submit made. */
export interface SubmittedJob {
  jobId: string;
  /** The finished body, of an operation that the vendor only offers synchronously. */
  body?: unknown;
}

/** Where a completed job's body is. It is fetched when asked for, so that a body that can't be had never hides that the job completed. */
export type JobBody =
  /** JSON that can be loaded again and again; URLs inside it are resolved. @throws VendorError */
  | { kind: 'json'; load(call: CallContext): Promise<unknown> }
  /** JSON of any size that can be opened again and again, as it comes from the vendor. @throws VendorError */
  | { kind: 'stream'; open(call: CallContext): Promise<AsyncIterable<Uint8Array>> }
  /** Bytes that the vendor serves only once. */
  | {
      kind: 'single_read';
      /** What the status read itself tells of the result, when that is enough. */
      known?: InterpretedResult;
      /** @throws VendorError `consumed` when it was read before, or is no longer served. */
      open(call: CallContext): Promise<AsyncIterable<Uint8Array>>;
    };

/** A file beside a result, open. */
export interface OpenAsset {
  contentType: string;
  /** To be read to their end or given up (`return()`). @throws VendorError */
  bytes: AsyncIterable<Uint8Array>;
}

/** What one status read returned. */
export interface JobRead {
  snapshot: JobSnapshot;
  usage: Usage;
  /** Present when completed. */
  body?: JobBody;
}

/** A vendor's finished body in neutral terms. */
export interface InterpretedResult {
  usage: Usage;
  /** Parse: durable reference for chaining. Split: the reference for extracting per section, where the vendor has one. */
  reference?: string;
  /** Parse: pages of the document. */
  pageCount?: number | null;
  /** Extract: plain value, vendor wrappers removed. */
  data?: JsonValue;
  /** Extract: citations beside the value, when asked for. */
  citations?: JsonValue;
  /** Extract per section: one value or the vendor's reason for each. */
  sectionValues?: SectionValue[];
  /** Split. */
  sections?: Section[];
  /** Operations beyond: the vendor's value. */
  value?: JsonValue;
}

/** A submit that may have made a job. */
export interface WantedJob {
  /** Of the submit itself, then of those that may have replaced it since. */
  markers: readonly [string, ...string[]];
  request: OperationRequest;
  /** ISO time before which the job can't have been made. */
  since: string;
  /** An earlier life of the workflow may have made it, with an upload of its own for input. */
  earlierLife: boolean;
  /** Jobs that are known to be others. */
  notThese: readonly string[];
}

/** A job found in the vendor's list. */
export interface FoundJob {
  jobId: string;
  /** Which of the markers it carries; absent for one that was told by its configuration. */
  marker?: string;
}

/** Which part of the vendor's job list. */
export interface ListQuery {
  /** Jobs at once, 1..500. Default the vendor's. */
  limit?: number;
  /** From the page before. */
  cursor?: string;
  /** Leave the jobs' configurations out, which makes the list small. */
  excludeConfigs?: boolean;
}

export interface ListedJob {
  jobId: string;
  status: JobStatus;
  vendorStatus: string;
  /** The vendor's own word. */
  type: string | null;
  /** Which of our operations that is; null when it is none of them. */
  operation: Operation | null;
  /** ISO. */
  createdAt: string | null;
  pages: number | null;
  /** Whose it is, where this package submitted it and the list shows that. */
  owner?: JobOwner;
}

export interface ListedJobs {
  jobs: ListedJob[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/**
 * One vendor, configured. Differences between vendors are properties and methods here; shared code asks for them
 * and never for a vendor's name. A method that a vendor has no endpoint for is left out.
 * All methods throw {@link VendorError} and nothing else for what the vendor or the network did.
 */
export interface Provider<Options extends object = object> {
  readonly name: string;
  /** Never set: carries the vendor's option types, by operation, from its factory to `documentJobs()`. */
  readonly optionTypes?: Options;
  readonly operations: readonly Operation[];
  /** The vendor's status words, lower case. Any other word means that the job still runs. */
  readonly statuses: Readonly<Record<string, JobStatus>>;
  /** How the reference to a parsed document looks, for messages: `jobid://…`. */
  readonly parsedReference: string;
  /** What the account may do a second: the vendor's published limits, unless the account's owner knows better. */
  readonly quota: Quota;
  /**
   * Whether the vendor calls a webhook of ours when a job of such a request has ended, and then repeats the owner that the stamp told or names
   * the job alone. Absent, or undefined: it does not.
   */
  callsBack?(request: OperationRequest): 'with_owner' | 'by_job_id' | undefined;
  /** Hard limit of one submit POST, ms. */
  readonly submitTimeoutMs: number;
  /** How long an accepted job may take to appear in the vendor's list, ms; 0 where there is none. */
  readonly listSettleMs: number;
  /** How long the vendor keeps a finished result, ms. */
  retentionMs(request: OperationRequest): number;

  /** True for a reference that the vendor takes as it is (`reducto://…`), so that nothing is uploaded. */
  isReference(source: string): boolean;
  /** The upload endpoint. Absent: files go with the submits of {@link fileOperations}, if there are such. */
  upload?(source: DocumentFile, call: CallContext): Promise<{ reference: string }>;
  /** Operations whose submit carries a file of the worker's, where the vendor has no upload of its own. */
  readonly fileOperations?: readonly Operation[];
  /**
   * Checks a request without sending anything.
   * @returns null, or what is wrong with which field.
   */
  check(request: OperationRequest): { field: string; reason: string } | null;
  /** One POST, never repeated here. The stamp goes where {@link findJob} and {@link listJobs} can see it again. */
  submit(request: OperationRequest, stamp: SubmitStamp, call: SubmitContext): Promise<SubmittedJob>;
  /** One status read. @returns null for a job that the vendor itself says it does not know. */
  get(jobId: string, operation: Operation, call: CallContext): Promise<JobRead | null>;
  /** Asks the vendor to cancel. @returns false when the vendor does not know the job. The answer says nothing of the outcome: read on. */
  cancel(jobId: string, call: CallContext): Promise<boolean>;
  /**
   * Looks for the job of a submit, skipping failed and cancelled ones. Absent: the vendor gives no way to look.
   * @returns null when there is none for certain; `'unsupported'` when what the list shows decides nothing.
   * @throws VendorError kind `ambiguous` for two candidates: there is no guessing.
   */
  findJob?(wanted: WantedJob, call: CallContext): Promise<FoundJob | 'unsupported' | null>;
  /** Fields of an operation's finished body whose strings, wherever they stand in it, are URLs of files. Absent: there are none. */
  readonly assetFields?: Partial<Record<Operation, Readonly<Record<string, AssetKind>>>>;
  /** Opens such a file. @param call `totalMs`: for all of it, ms. @throws VendorError */
  openAsset?(url: string, call: CallContext & { totalMs?: number }): Promise<OpenAsset>;
  /**
   * Neutral view of a finished body. Of a parse the body may be an outline: lists and texts of more than 64 KiB, at its two upper levels,
   * are empty there. Throws VendorError kind `invalid_reply`.
   */
  interpret(operation: Operation, jobId: string, body: unknown): InterpretedResult;
  /** Typical duration of an operation, ms, before anything is learned; null when unknown. */
  expectedMs(operation: Operation, pageCount: number | null): number | null;
  /** The account's jobs, one page of the vendor's list. @throws TypeError for a query that the vendor would refuse. */
  listJobs?(query: ListQuery, call: CallContext): Promise<ListedJobs>;
  /** Deletes a job's stored result at the vendor. @returns false when the vendor does not know it. */
  deleteJob?(jobId: string, call: CallContext): Promise<boolean>;
  /** Deletes an upload. @returns false when the vendor does not know it. */
  deleteUpload?(reference: string, call: CallContext): Promise<boolean>;
  /** Where there is no {@link deleteJob}: what becomes of what the vendor keeps of a job. */
  readonly leftovers?: {
    /** After how long the vendor erases it by itself, ms after the job's end; null where it does not say. */
    afterMs: number | null;
    /** Who can erase it, and where; for people who asked for it to be forgotten. */
    how: string;
  };
  /** The vendor's model that a submit of the request pins, for the record; null where it pins none. */
  modelOf?(request: OperationRequest): string | null;
  /**
   * A page of the vendor's portal where a person enters webhook endpoints and finds their secrets, where there is a call that gives it. It opens
   * for whoever has the URL, often only once: it is shown and nothing else.
   */
  webhookPortal?(call: CallContext): Promise<string>;
  /** A cheap authenticated read that tells whether key and vendor work. */
  probe(call: CallContext): Promise<void>;
  /** Closes pooled connections. */
  close(): Promise<void>;
}
