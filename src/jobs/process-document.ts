import type { FailureType } from './failures.js';
import type { JsonObject, JsonSchema, JsonValue } from './json.js';
import type { Operation, Pages, ParsedReference, Receipt, ResultRef, SectionSpec } from './types.js';

/** Input of the `processDocument` workflow. Public JSON contract: fields are added, never changed. */
export interface ProcessDocumentInput {
  /** https URL, vendor reference, or a `file:` URL that the worker's source resolver accepts. */
  source: string;
  /**
   * A parse of this source by the same provider and account: nothing is parsed then, unless the vendor has forgotten it (see `repair`), and the
   * receipt shows no parse.
   */
  parsed?: ParsedReference;
  /** Name of the vendor. Default: the registry's. */
  provider?: string;
  /** Account name on the worker. Default: the provider's name. */
  account?: string;
  /** JSON Schema; when given, one extract runs. */
  schema?: JsonSchema;
  /** When given, one split runs. */
  sections?: SectionSpec[];
  /** With `sections` and `schema`: one extract for each section found, over its pages, instead of one for the whole document. */
  extractPerSection?: boolean;
  /** Pages to parse. Default all. */
  pages?: Pages;
  /** The vendor's own body fields, per operation. */
  options?: Partial<Record<Operation, JsonObject>>;
  /** Limit for the whole document, ms or a string such as `30m`. Default 12 hours. */
  deadline?: number | string;
  /** Limit for each job, likewise. Default: the document's. */
  jobDeadline?: number | string;
  /** What a failed extract or split does to its sibling: `keep` it and report (default), or `cancel` it at the vendor. */
  onFailure?: 'keep' | 'cancel';
  /** Default `auto`. */
  results?: 'inline' | 'stored' | 'auto';
  /** Also copy the files that a result names by URL (figures, charts, PDFs) into the result store. Default false. */
  copyAssets?: boolean;
  /** Whether the vendor is asked for a webhook, where the account has them. Default true. */
  webhooks?: boolean;
  /** How often a job that the vendor failed with a transient reason is submitted again. Default 1. */
  maxResubmits?: number;
  /** What to do when a submit may have been accepted and cannot be looked up. Default `fail`. */
  onUnknownSubmit?: 'fail' | 'resubmit';
  /** What to do when the vendor has forgotten the parsed document: parse it again once (default), or never. */
  repair?: 'once' | 'never';
  /** What to do when the vendor refuses the key. Default: wait once it has accepted a job of the document, fail before. */
  onRefusedKey?: 'wait' | 'fail';
  polling?: PollingOptions;
  /** Task queue of the activities. Default: the workflow's. */
  taskQueue?: string;
}

/** How a job is waited for. */
export interface PollingOptions {
  /** How long the job is expected to take, ms or a string such as `45s`. Default: what the worker has learned. */
  expected?: number | string;
  /** Longest poll window, ms or a string. Default and maximum 6 minutes; 0 = single reads with durable sleeps between. */
  window?: number | string;
  /** How long a cancel reads on for the truth, ms or a string. Default 30 s. */
  cancelSettle?: number | string;
}

export interface DocumentFailureReport {
  operation: Operation;
  section?: string;
  jobId?: string;
  type: FailureType;
  message: string;
}

/** What `processDocument` returns. */
export interface ProcessDocumentResult {
  schemaVersion: 1;
  provider: string;
  account: string;
  /** `partial`: the parse and at least one later operation succeeded, another one failed. */
  status: 'complete' | 'partial';
  parsed: { jobId: string; reference: string; pageCount: number | null; stored: ResultRef };
  extract?: ExtractOutcome;
  /** `sections` is absent when they were too many to travel or `results: 'stored'`: then read `stored`. */
  split?: {
    jobId: string;
    sections?: { name: string; pages: number[]; extract?: ExtractOutcome }[];
    /** What one extract for all sections is asked with, where the vendor does that in one job. */
    reference?: string;
    stored: ResultRef;
  };
  failures: DocumentFailureReport[];
  receipt: Receipt;
}

export interface ExtractOutcome {
  jobId: string;
  /** The plain value; absent when it was too large or `results: 'stored'`: then read `stored`. */
  data?: JsonValue;
  citations?: JsonValue;
  stored: ResultRef;
}
