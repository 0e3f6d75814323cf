import type { JsonValue } from '../jobs/json.js';
import type { JobSnapshot, Operation, Section, Usage } from '../jobs/types.js';
import type { OperationRequest } from '../jobs/activities.js';

/** Passed to each call to a vendor, so that providers know nothing of Temporal. */
export interface CallContext {
  /** Aborts the HTTP call; its reason is rethrown unchanged. */
  signal?: AbortSignal;
}

/** A document that the worker uploads. */
export interface UploadSource {
  /** File name with extension, as the vendor shall see it. */
  filename: string;
  contentType: string;
  /** Bytes. */
  size: number;
  /** Local path of the bytes; providers stream from it. */
  path: string;
}

/** What one status read returned. `result` is the vendor's own body, present when completed. */
export interface JobRead {
  snapshot: JobSnapshot;
  usage: Usage;
  result?: unknown;
}

/** A vendor's finished body in neutral terms. */
export interface InterpretedResult {
  usage: Usage;
  /** Parse: durable reference for chaining. */
  reference?: string;
  /** Parse: pages of the document. */
  pageCount?: number | null;
  /** Extract: plain value, vendor wrappers removed. */
  data?: JsonValue;
  /** Extract: citations beside the value, when asked for. */
  citations?: JsonValue;
  /** Split. */
  sections?: Section[];
  /** Operations beyond: the vendor's value. */
  value?: JsonValue;
}

/** A job found in the vendor's list. */
export interface FoundJob {
  jobId: string;
}

/**
 * One vendor, configured. Differences between vendors are properties and methods here; shared code asks for them
 * and never for a vendor's name. A method that a vendor has no endpoint for is left out.
 * All methods throw {@link VendorError} and nothing else for what the vendor or the network did.
 */
export interface Provider {
  readonly name: string;
  readonly operations: readonly Operation[];
  /** Hard limit of one submit POST, ms. */
  readonly submitTimeoutMs: number;
  /** How long an accepted job may take to appear in the vendor's list, ms. */
  readonly listSettleMs: number;
  /** How long the vendor keeps a finished result, ms. */
  readonly retentionMs: number;

  /** True for a reference that the vendor takes as it is (`reducto://…`), so that nothing is uploaded. */
  isReference(source: string): boolean;
  /** The upload endpoint. Absent: sources must be URLs. */
  upload?(source: UploadSource, call: CallContext): Promise<{ reference: string }>;
  /**
   * Checks a request without sending anything.
   * @returns null, or what is wrong with which field.
   */
  check(request: OperationRequest): { field: string; reason: string } | null;
  /** One POST, never repeated here. `marker` goes where {@link findJob} can see it again. */
  submit(request: OperationRequest, marker: string, call: CallContext): Promise<{ jobId: string }>;
  /** One status read. A completed job's URL results are fetched too, without the key. @returns null for 404 and 410. */
  get(jobId: string, operation: Operation, call: CallContext): Promise<JobRead | null>;
  /** Asks the vendor to cancel. @returns false when the vendor does not know the job. The answer says nothing of the outcome: read on. */
  cancel(jobId: string, call: CallContext): Promise<boolean>;
  /**
   * Looks for the job of a marker among jobs created since `since` (ISO), skipping failed and cancelled ones.
   * Absent: the vendor gives no way to look. @returns null when absent for certain; `'unsupported'` when the list
   * does not echo markers; throws VendorError kind `ambiguous` for two candidates.
   */
  findJob?(
    marker: string,
    operation: Operation,
    since: string,
    call: CallContext,
  ): Promise<FoundJob | 'unsupported' | null>;
  /** Neutral view of a finished body. Throws VendorError kind `invalid_reply`. */
  interpret(operation: Operation, jobId: string, result: unknown): InterpretedResult;
  /** Typical duration of an operation, ms, before anything is learned; null when unknown. */
  expectedMs(operation: Operation, pageCount: number | null): number | null;
  /** A cheap authenticated read that tells whether key and vendor work. */
  probe(call: CallContext): Promise<void>;
  /** Closes pooled connections. */
  close(): Promise<void>;
}
