import type { ForgetActivityInput, ForgetReport } from './forget.js';
import type { JsonObject, JsonSchema } from './json.js';
import type { ReapInput, ReapProgress, ReapReport } from './reap.js';
import type {
  CollectedResult,
  JobHolder,
  JobRef,
  JobSnapshot,
  Operation,
  Outcome,
  Pages,
  SectionSpec,
  Usage,
  VendorReason,
  ResultRef,
} from './types.js';

/** Who asks whom: on the worker, `account` chooses key and region; `provider` must be that account's. */
export interface AccountRef {
  provider: string;
  account: string;
}

/** What a job is asked to do, in neutral terms plus the vendor's own fields. */
export interface OperationRequest {
  operation: Operation;
  /** Document reference(s): https URL, vendor reference, or a parsed document's reference. */
  input: string | string[];
  /** Extract only: JSON Schema of the value wanted. */
  schema?: JsonSchema;
  /** Split only. */
  sections?: SectionSpec[];
  /** Extract with a split's reference for input: JSON Schema of each section's value, by the section's name. */
  sectionSchemas?: Record<string, JsonSchema>;
  pages?: Pages;
  /** The vendor's own body fields, passed through unrenamed. A field set both here and above is an error. */
  options?: JsonObject;
}

export interface UploadInput extends AccountRef {
  /** `file:` URL, path or custom scheme for the worker's source resolver; a vendor's own reference comes back unchanged. */
  source: string;
}
export interface UploadOutput {
  /** The vendor's reference to the document. */
  reference: string;
  /** False when the source already was a vendor reference or a URL that the vendor fetches itself. */
  uploaded: boolean;
  /** SHA-256 of the file's bytes, lower-case hex; absent for what is no file of the worker's. */
  sha256?: string;
}

export interface SubmitInput extends AccountRef {
  request: OperationRequest;
  /** Identifies this submit for ever; see `SubmitMarker`. */
  marker: SubmitMarker;
  /**
   * Whether a POST of this submit may have been accepted already, so that its job is looked for before posting: `resubmit` after one of
   * this workflow's own POSTs, `earlier_life` when a life of the workflow before its retry or reset may have posted. Where the vendor gives
   * no way to look, `resubmit` posts all the same (the workflow's policy has decided so) and `earlier_life` is `unknown`.
   */
  lookFirst: 'no' | 'resubmit' | 'earlier_life';
  /** After an earlier life: how many resubmits of this submit that life may have got to; their jobs are looked for too. Default 0. */
  resubmitsAhead?: number;
  /** Look for the job, and do not post: the workflow is to stop. */
  lookOnly?: true;
  /** The workflow's other jobs: none of them is this submit's. */
  otherJobs?: string[];
  /** ISO time before which no job of this submit can have been created; bounds the look through the job list. */
  since: string;
  /** Of the workflow. Where the vendor's webhooks name the job alone, its mailbox runs there. */
  taskQueue?: string;
  /** Don't ask the vendor for a webhook, although the account has them. */
  webhooks?: false;
  /** Pages of the document when known; sharpens the expected duration. */
  pageCount?: number;
}

/** The parts, all replay-stable, that the worker hashes (with namespace and workflow id) into the vendor-side marker. */
export interface SubmitMarker {
  /** `workflowInfo().firstExecutionRunId`: survives retries, resets and continue-as-new. */
  firstExecutionRunId: string;
  /** The document as the user named it: with the request, it keeps submits of different documents apart whatever their order. */
  origin: string;
  /** How many equal submits this workflow asked for before this one, plus what continue-as-new carried over. */
  ordinal: number;
  /** 0, then +1 for each submit that replaces a job which the vendor failed. */
  resubmit: number;
}

export type SubmitOutput =
  | {
      outcome: 'accepted';
      jobId: string;
      adopted: boolean;
      posts: number;
      expectedMs: number | null;
      /** How long the vendor keeps the finished result, ms; null = for ever. */
      retentionMs?: number | null;
      /** The vendor was asked for a webhook, and it is believed to come: nobody needs to look for so long, ms. */
      webhookMs?: number;
      /** The job is that of a later resubmit: so many after the one asked for. */
      resubmitsOn?: number;
      /** The vendor's model that the request or the account pins, where there is such a thing. */
      model?: string;
      at: string;
    }
  /**
   * Certainly not accepted: wait, then submit again with the same marker. `lookedFor` is false when it was never sent or answered 429, true
   * when it may have been accepted and its job was looked for and is absent.
   */
  | { outcome: 'not_accepted'; retryAfterMs: number; reason: string; posts: number; lookedFor: boolean }
  /** May have been accepted, and the vendor gives no way to look. */
  | { outcome: 'unknown'; reason: string; posts: number };

/** What a submit's attempt leaves for the next one, for the workflow, and for a reaper when the workflow was terminated meanwhile. */
export type SubmitBeat = AcceptedBeat | { jobId?: never; posts: number };
export interface AcceptedBeat {
  jobId: string;
  adopted: boolean;
  /** See {@link SubmitOutput}. */
  resubmitsOn?: number;
  /** POSTs sent so far, as far as known. */
  posts: number;
}

export interface GetInput {
  job: JobRef;
}
export type GetOutput = { found: true; snapshot: JobSnapshot } | { found: false };

/** Where a finished result goes. */
export interface CollectOptions {
  /**
   * `inline`: the value travels in history and an over-limit one fails typed; `stored`: never inline;
   * `auto`: inline when it fits. The whole body is in the result store in every case.
   */
  results: 'inline' | 'stored' | 'auto';
  /** UTF-8 JSON bytes that may still travel inline. */
  inlineLimit: number;
  /** Extract only: the value is checked against it on the worker. */
  schema?: JsonSchema;
  /** The files that a result names by URL are copied into the store, too. */
  copyAssets?: true;
  /** Extract per section: each section's value likewise. */
  sectionSchemas?: Record<string, JsonSchema>;
}

export interface PollInput {
  job: JobRef;
  /** How long this window may last, ms; 0 = one read. */
  windowMs: number;
  /** Time since submit when the window opens, ms: poll gaps grow with it. */
  elapsedMs: number;
  /** Time from submit to when the job was last seen running, ms. Default 0: never. */
  seenMs?: number;
  /** The vendor has `called` by webhook, or is `awaited` to and has not yet: whether its webhooks come is learned from that. */
  webhook?: 'called' | 'awaited';
  /** True when no read has ever found the job (attach): a 404 then means not found instead of lost. */
  neverSeen: boolean;
  /** Fail when the vendor refuses the key, instead of waiting for it to be taken. */
  failOnRefusedKey?: true;
  collect: CollectOptions;
}

export type PollOutput = { reads: number } & (
  | {
      state: 'pending';
      snapshot: JobSnapshot | null;
      /** Last trouble while reading, if the window ended in it. */ trouble?: string;
      /** In trouble: the job is not to be read again before this has passed, because the vendor or our own pace says so. */
      retryAfterMs?: number;
    }
  | { state: 'completed'; vendorStatus: string; result: CollectedResult }
  | { state: 'failed'; vendorStatus: string; error: VendorReason; usage: Usage }
  | { state: 'cancelled'; vendorStatus: string }
  | { state: 'lost' }
  | { state: 'not_found' }
);

export interface CancelInput {
  job: JobRef;
  /** How long to read on after the vendor took the cancel until the truth is known, ms. */
  settleMs: number;
}
export interface CancelOutput {
  outcome: Outcome;
  vendorStatus: string | null;
  usage: Usage;
  reads: number;
  /** The finished body, when the vendor completed the job anyway. */
  stored?: ResultRef;
}

export interface LeaseInput {
  job: JobRef;
  holder: JobHolder;
  /** Of the lease's own workflow. */
  taskQueue: string;
}
export interface LeaseOutput {
  /** Which of the job's leases it is; null when there are too many. */
  slot: number | null;
}

export interface ReapActivityInput {
  input: ReapInput;
  /** What the last sweep of the same schedule reported. */
  previous?: ReapReport;
  /** Null at first. */
  progress: ReapProgress | null;
}

/** The activities that {@link createDocumentActivities} makes and the workflows call. Keys are wire names. */
export interface DocumentActivities {
  uploadDocument: (input: UploadInput) => Promise<UploadOutput>;
  submitDocumentJob: (input: SubmitInput) => Promise<SubmitOutput>;
  getDocumentJob: (input: GetInput) => Promise<GetOutput>;
  pollDocumentJob: (input: PollInput) => Promise<PollOutput>;
  cancelDocumentJob: (input: CancelInput) => Promise<CancelOutput>;
  reapDocumentJobs: (input: ReapActivityInput) => Promise<ReapProgress>;
  leaseDocumentJob: (input: LeaseInput) => Promise<LeaseOutput>;
  forgetDocument: (input: ForgetActivityInput) => Promise<ForgetReport>;
}
