import type { JsonObject } from './json.js';
import type { Operation, Outcome, Pages, Receipt } from './types.js';

/**
 * What a document's data come from: which input, asked what, by which jobs, with which results. Holds hashes, ids and figures; no content, no
 * secret, no signed URL. The same histories give the same manifest. Public JSON contract: fields are added, never changed.
 */
export interface DocumentManifest {
  schemaVersion: 1;
  workflowId: string;
  /** Of the latest run; `jobs` are those of all runs. */
  runId: string;
  /** What was parsed, in the order in which the workflow named it. */
  sources: ManifestSource[];
  /** In the order of their submits. */
  jobs: ManifestJob[];
  /** Sums of the receipt; null for a workflow that left none (a user's own, one that was terminated). */
  receiptTotals: Pick<Receipt, 'pages' | 'credits' | 'submits' | 'reads'> | null;
  /** What wrote the manifest. */
  library: { name: string; version: string };
}

/** SHA-256, lower-case hex. */
export type ManifestSource =
  /** A file of the worker's: of its bytes. */
  | { kind: 'file'; sha256: string }
  /** A URL that the vendor fetched itself, so that nobody here has seen its bytes: of the URL without user name, query and fragment. */
  | { kind: 'url'; urlSha256: string }
  /** A vendor's reference, or a file that was uploaded by an earlier version: of how the workflow named it. */
  | { kind: 'reference'; referenceSha256: string };

export interface ManifestJob {
  provider: string | null;
  account: string | null;
  operation: Operation;
  section?: string;
  /** Null for POSTs of which no job became known. */
  jobId: string | null;
  submittedAt: string | null;
  endedAt: string | null;
  /** Null while it runs, and when the history does not tell. */
  outcome: Outcome | null;
  /** What was asked; null for a job that was submitted elsewhere. */
  request: ManifestRequest | null;
  /** The vendor's model that the request or the account pinned; null when neither did, or the history does not tell. */
  model: string | null;
  /** As the vendor billed it; null when it did not say. */
  pages: number | null;
  credits: number | null;
  submits?: number;
  adopted?: boolean;
  resubmit?: boolean;
  repair?: true;
  /** The whole result in the store; null where none was kept. */
  result:
    | (ManifestObject & {
        /** The list of the files that the result names, where they were copied. */ assets?: ManifestObject;
      })
    | null;
}

/** An object in the store. */
export interface ManifestObject {
  key: string;
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
}

export interface ManifestRequest {
  pages?: Pages;
  /** Of the JSON Schema, or of all sections' ones, with sorted keys. */
  schemaSha256?: string;
  sectionsSha256?: string;
  /** The vendor's own fields, redacted; of a text of more than 300 characters its beginning and hash. */
  options: JsonObject;
}
