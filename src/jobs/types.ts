import type { JsonValue } from './json.js';

/**
 * What a job does. `parse`, `extract` and `split` exist at every provider; the others are what a vendor offers beyond.
 */
export type Operation = 'parse' | 'extract' | 'split' | 'pipeline' | 'edit' | 'classify' | 'tables';

/** One accepted asynchronous unit of work at a provider. */
export interface JobRef {
  provider: string;
  /** Name under which the worker knows key, region and limits. */
  account: string;
  operation: Operation;
  /** The vendor's id, opaque. */
  jobId: string;
}

/** The workflow that a job was submitted for, as it stands in the vendor's records where the vendor keeps such notes. */
export interface JobOwner extends JobHolder {
  /** The namespace's own id (a UUID): one name may exist on several clusters that share a vendor's key. */
  namespaceId: string;
}

/** A workflow that waits for a job. */
export interface JobHolder {
  workflowId: string;
  /** The same in every retry, reset and continuation of the workflow. */
  firstExecutionRunId: string;
}

/** A job's state in neutral terms. Words we do not know are `running`, under our own deadline. */
export type JobStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'expired';

/** Why a vendor says that a job failed. */
export interface VendorReason {
  /** The vendor's own code (`PROCESSING_FAILED`), or null when it gave none. */
  code: string | null;
  /** The vendor's own words, shortened and without secrets. */
  reason: string;
  /** True when the same submit may well succeed a second time. */
  transient: boolean;
  /** True when the vendor does not have (any more) what the job was to work on. */
  inputGone?: true;
  /** True when the vendor says that the document itself is at fault: no repeat will help. */
  documentAtFault?: true;
}

/** What one status read returned. */
export interface JobSnapshot {
  status: JobStatus;
  /** The vendor's own status word. */
  vendorStatus: string;
  /** The vendor's progress figure, for display only: its scale is not documented and it never gates anything. */
  progress: number | null;
  /** Present when `status` is `failed`. */
  error?: VendorReason;
  /** When the vendor accepted the job, ISO, where it tells. */
  createdAt?: string;
  /** When the job ended, ISO, where the vendor tells. */
  completedAt?: string;
}

/** What a job used, as far as the vendor tells. */
export interface Usage {
  /** Pages processed, or null when the vendor did not say. */
  pages: number | null;
  /** Credits billed, or null when the vendor did not say. */
  credits: number | null;
}

/** Where a whole result body lies in the result store. */
export interface ResultRef {
  /** Key in the store, relative to its root; deterministic from workflow and job. */
  key: string;
  /** Bytes. */
  size: number;
  /** SHA-256 of the bytes, lower-case hex. */
  sha256: string;
  contentType: string;
  /** The files that the body names by URL, where it names any. The URLs stand in the body itself: they are secrets that expire. */
  assets?: AssetSummary;
}

/** What a file beside a result is. */
export type AssetKind = 'image' | 'chart' | 'pdf' | 'spreadsheet' | 'document';

export interface AssetSummary {
  /** How many of each kind the body names. */
  found: Partial<Record<AssetKind, number>>;
  /** With `copyAssets`: the object that lists the copies, an `AssetList`. */
  list?: Pick<ResultRef, 'key' | 'size' | 'sha256' | 'contentType'>;
  /** With `copyAssets`: how many could not be copied; absent when all were. The list says why. */
  missing?: number;
}

/** One file that a result named, in the order of the body. */
export type AssetCopy = {
  kind: AssetKind;
  /** Of the body, which named it: `image_url`. */
  field: string;
} & (
  | { key: string; size: number; sha256: string; contentType: string }
  /** Why there is no copy. */
  | { problem: string }
);

/** What stands in the object that {@link AssetSummary.list} names. */
export interface AssetList {
  schemaVersion: 1;
  assets: AssetCopy[];
}

/** 1-based page numbers to work on: a list, or an inclusive range. */
export type Pages = number[] | { start?: number; end?: number };

/** One topic that `split` looks for. */
export interface SectionSpec {
  name: string;
  /** What the vendor should look for, in plain words. */
  description: string;
}

/** Pages that a split assigned to one topic. */
export interface Section {
  name: string;
  /** 1-based page numbers in ascending order; empty when the topic was not found. */
  pages: number[];
}

/** What a vendor extracted from the pages of one section, or why it could not. */
export interface SectionValue {
  /** The section's name. */
  name: string;
  /** Absent when there is a `problem`, or when the value does not travel inline. */
  data?: JsonValue;
  citations?: JsonValue;
  /** The vendor's words, or that the value does not match its schema; never values. */
  problem?: string;
}

/** What the worker reports of a completed job. The vendor's whole body is always behind `stored`. */
export type CollectedResult =
  | { kind: 'parse'; reference: string; pageCount: number | null; usage: Usage; stored: ResultRef }
  | {
      kind: 'extract';
      data?: JsonValue;
      citations?: JsonValue;
      /** Extract per section in one job. */
      sectionValues?: SectionValue[];
      usage: Usage;
      stored: ResultRef;
    }
  /** `reference`: what one extract per section is asked with, where the vendor does that in one job. */
  | { kind: 'split'; sections?: Section[]; reference?: string; usage: Usage; stored: ResultRef }
  | { kind: 'other'; value?: JsonValue; usage: Usage; stored: ResultRef };

/** A finished parse, as plain JSON: what is needed to use it again, and to do it again when the vendor has forgotten it. */
export interface ParsedReference {
  provider: string;
  account: string;
  jobId: string;
  /** What extract and split hand to the vendor instead of the file. */
  reference: string;
  pageCount: number | null;
  /** The vendor's whole parse result, in the result store. */
  stored: ResultRef;
}

/** How a job ended. */
export type Outcome = 'completed' | 'completed_anyway' | 'failed' | 'cancelled' | 'unknown';

/** What is known and what was paid for one job. */
export interface JobReceipt {
  operation: Operation;
  /** Name of the section that the job was for, when there is one extract per section. */
  section?: string;
  /** Null when POSTs were sent and no job of theirs became known. */
  jobId: string | null;
  outcome: Outcome;
  /** POSTs sent for this job, counting those whose reply was lost. */
  submits: number;
  /**
   * Of these, POSTs whose fate nobody can look up: each may have been accepted and billed. What the workflow may have posted in all of its
   * lives before a retry or reset counts once: this history does not show how many there were. Absent when there are none.
   */
  unknownSubmits?: number;
  /** True when the job was found in the vendor's job list after a lost reply, instead of submitting again. */
  adopted: boolean;
  /** True when this job replaces one that the vendor failed with a transient reason. */
  resubmit: boolean;
  /** True when this job does again what an earlier one was paid for, because the vendor forgot that one's reference. */
  repair?: true;
  /** Status reads that were counted on the way. */
  reads: number;
  pages: number | null;
  credits: number | null;
  /** The vendor's last status word. */
  vendorStatus: string | null;
  /** Where the finished body lies, also for `completed_anyway`. */
  stored?: ResultRef;
  submittedAt: string;
  endedAt: string;
}

/** What became of all jobs of a document. */
export interface Receipt {
  jobs: JobReceipt[];
  /** Sums over `jobs`; null when no vendor figure is known. */
  pages: number | null;
  credits: number | null;
  submits: number;
  reads: number;
}

/** One line of the `documentJobsStatus` query. */
export interface JobStatusLine {
  operation: Operation;
  section?: string;
  /** Null until the vendor accepted the job. */
  jobId: string | null;
  stage: 'submitting' | 'waiting' | 'polling' | 'cancelling' | 'ended';
  vendorStatus: string | null;
  progress: number | null;
  outcome: Outcome | null;
  submittedAt: string | null;
  /** When the vendor is next asked, ISO; null while it is being asked. */
  nextReadAt: string | null;
  /** What is wrong while waiting (the vendor is busy, unreachable, refuses the key); null when nothing is. */
  trouble: string | null;
}

export interface DocumentJobsStatus {
  jobs: JobStatusLine[];
  receipt: Receipt;
}
