import type { Operation, Outcome, ResultRef } from './types.js';

/** What every failure of ours says about its origin. */
export interface FailureContext {
  provider: string;
  account: string;
  operation: Operation | 'upload' | 'forget' | 'batch';
  jobId?: string;
  /** The vendor's own code, when it gave one. */
  vendorCode?: string;
  /** The vendor's words or ours, without secrets. */
  reason?: string;
}

/** From failure type (the `type` of the ApplicationFailure, wire format) to its details. */
export interface FailureDetails {
  /** The request could not be built: wrong schema, unknown operation, option set twice. Nothing was sent. */
  DocumentInputInvalid: FailureContext & { field: string };
  /**
   * What lists the documents of a batch can't be used as a whole: no such file, no column `source`, nothing in it, not allowed, changed while it was
   * read. `field` of the batch's input; `line` where one is to blame. Nothing was started. `provider` and `account` are those that were asked for.
   */
  DocumentBatchManifestInvalid: FailureContext & { field: string; line?: number };
  /** The worker may not or cannot read the source: missing, empty, not allowed, not a document. Nothing was sent. */
  DocumentSourceRefused: FailureContext;
  /** The worker has no such account, or the account belongs to another provider. */
  DocumentAccountUnknown: FailureContext;
  /** The vendor refuses the key (401, 403). */
  DocumentAccountRefused: FailureContext & { httpStatus: number };
  /** The vendor refused the submit or the upload for good (4xx), or answered every repeat with an error (`httpStatus` null). Nothing was accepted. */
  DocumentSubmitRejected: FailureContext & { httpStatus: number | null };
  /** A submit may have been accepted and cannot be looked up; it was not sent again. */
  DocumentSubmitUnknown: FailureContext & { submits: number };
  /** The vendor's reply to a submit or upload could not be understood; it was not sent again. */
  DocumentReplyInvalid: FailureContext & { endpoint: string; field: string };
  /** The vendor says Failed. */
  DocumentJobFailed: FailureContext & {
    jobId: string;
    transient: boolean;
    resubmits: number;
    inputGone?: true;
    /** The vendor says that the document itself is at fault: damaged, locked, too large, of the wrong kind. */
    documentAtFault?: true;
  };
  /** Somebody else cancelled the job at the vendor. */
  DocumentJobCancelledElsewhere: FailureContext & { jobId: string };
  /** Our own deadline passed; the vendor's job was cancelled, with this outcome. */
  DocumentJobDeadlineExceeded: FailureContext & {
    outcome: Outcome | null;
    deadlineMs: number;
    /** Whose: `workflow` = its run or execution timeout, less what cleaning up takes. */
    scope: 'job' | 'document' | 'workflow';
  };
  /** A job that was seen before is no longer known to the vendor. */
  DocumentJobLost: FailureContext & { jobId: string };
  /** `attach`: the vendor has never heard of this job id. */
  DocumentJobNotFound: FailureContext & { jobId: string };
  /** The document is to be forgotten, and its workflow still runs: cancel it first. */
  DocumentStillRunning: FailureContext & { workflowId: string };
  /** The vendor no longer knows the parsed document (or upload) that the job was to reuse. */
  DocumentReferenceExpired: FailureContext & { reference: string };
  /** `results: 'inline'` was demanded and the value is larger than the limit. It is in the store, nothing is lost. */
  DocumentResultTooLarge: FailureContext & { jobId: string; size: number; limit: number; stored: ResultRef };
  /**
   * The vendor serves this result once, and it was read and lost on the way, or its time ran out. The job is paid; doing it again is paid
   * again. `reference` still works where a parse had one: only its text is lost.
   */
  DocumentResultConsumed: FailureContext & { jobId: string; reference?: string };
  /** The result store refuses for good. The job is paid: fetch it by its id while the vendor keeps it. */
  DocumentResultStoreRefused: FailureContext & { jobId: string };
  /** What lies in the result store under the key is not what was put there: it was changed, cut off or deleted. The job is paid; the vendor may still have its result. */
  DocumentResultCorrupt: FailureContext & { key: string; expected: Digest; found: Digest | null };
  /** One section of an extract per section has no value: the vendor gave a reason, or the value does not match its schema. */
  DocumentSectionFailed: FailureContext & { jobId: string; section: string };
  /** The extracted value does not match the JSON Schema. Paths and rules, never values. */
  ExtractedDataInvalid: FailureContext & {
    jobId: string;
    issues: { path: string; message: string }[];
    stored: ResultRef;
  };
}

/** What tells one body from another. */
export interface Digest {
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
}

export type FailureType = keyof FailureDetails;

/** Every failure type, for `nonRetryableErrorTypes`, docs and tests. */
export const FAILURE_TYPES = [
  'DocumentInputInvalid',
  'DocumentBatchManifestInvalid',
  'DocumentSourceRefused',
  'DocumentAccountUnknown',
  'DocumentAccountRefused',
  'DocumentSubmitRejected',
  'DocumentSubmitUnknown',
  'DocumentReplyInvalid',
  'DocumentJobFailed',
  'DocumentJobCancelledElsewhere',
  'DocumentJobDeadlineExceeded',
  'DocumentJobLost',
  'DocumentJobNotFound',
  'DocumentStillRunning',
  'DocumentReferenceExpired',
  'DocumentResultConsumed',
  'DocumentResultTooLarge',
  'DocumentResultStoreRefused',
  'DocumentResultCorrupt',
  'DocumentSectionFailed',
  'ExtractedDataInvalid',
] as const satisfies readonly FailureType[];

/** Failures of a poll after which the vendor's part is done, and paid: only what became of the result failed. There is nothing to cancel. */
export const JOB_IS_DONE: ReadonlySet<string> = new Set<FailureType>([
  'DocumentReplyInvalid',
  'DocumentResultConsumed',
  'DocumentResultTooLarge',
  'DocumentResultStoreRefused',
  'DocumentResultCorrupt',
  'ExtractedDataInvalid',
]);

/** A failure as the narrowing of {@link isDocumentFailure} gives it. */
export interface DocumentFailure<T extends FailureType = FailureType> {
  type: T;
  message: string;
  details: FailureDetails[T];
}

interface FailureLike {
  type?: unknown;
  message?: unknown;
  details?: unknown;
  cause?: unknown;
}

/**
 * Finds the document failure in an error or its chain of causes (an activity or child-workflow failure wraps it).
 * Works in workflows and in clients, and across copies of the Temporal packages: it looks at `type`, not at classes.
 */
export function findDocumentFailure(error: unknown): DocumentFailure | undefined {
  let current = error as FailureLike | null | undefined;
  for (let depth = 0; depth < 16 && typeof current === 'object' && current !== null; depth++) {
    if (typeof current.type === 'string' && (FAILURE_TYPES as readonly string[]).includes(current.type)) {
      const details: unknown = Array.isArray(current.details) ? current.details[0] : current.details;
      return {
        type: current.type,
        message: typeof current.message === 'string' ? current.message : '',
        details,
      } as DocumentFailure;
    }
    current = current.cause as FailureLike | null | undefined;
  }
  return undefined;
}
