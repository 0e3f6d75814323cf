import type { BatchDocument, BatchDocumentEnd, BatchManifest, BatchRow, ProcessBatchInput } from './batch.js';

export interface PlanBatchInput {
  /** Of the first drive: names the record. */
  batchId: string;
  manifest: BatchManifest;
  request: NonNullable<ProcessBatchInput['request']>;
  force?: string;
  redrive?: ProcessBatchInput['redrive'];
  /** First run of the workflow that asks: a drive is planned once, however often the activity is retried. */
  firstExecutionRunId: string;
}
export interface PlanBatchOutput {
  drive: number;
  documents: number;
  /** Pages of the plan, each of up to {@link BATCH_PAGE} documents: fewer where their URLs are long, since a page travels through Temporal. */
  planPages: number;
  unusableRows: number;
  /** Segments that the planner has written itself: the unusable rows. */
  segments: number;
}

export interface BatchPageInput {
  batchId: string;
  drive: number;
  /** From 0. */
  page: number;
}
export interface BatchPageOutput {
  documents: BatchDocument[];
}

export interface RecordBatchInput {
  batchId: string;
  drive: number;
  /** From 0, without gaps; the same segment written twice stays as it was first. */
  segment: number;
  rows: BatchRow[];
  /** Last of the drive: what is left of the record is compacted. */
  last?: true;
  /** The workflow was reset or retried: its earlier life may have written segments with these numbers. The rows then go into the first free one. */
  again?: true;
}
export interface RecordBatchOutput {
  /** Where the rows are. */
  segment: number;
}

export interface AwaitBatchInput {
  /** Workflows of documents that this run did not start itself: carried over, or found to exist already. */
  workflowIds: string[];
  /** Return when this long has passed although none has ended, ms. */
  patienceMs: number;
}
export interface AwaitBatchOutput {
  ended: { workflowId: string; end: BatchDocumentEnd }[];
}

/** Activities of batches. Keys are wire names. */
export interface BatchActivities {
  planDocumentBatch: (input: PlanBatchInput) => Promise<PlanBatchOutput>;
  readDocumentBatchPage: (input: BatchPageInput) => Promise<BatchPageOutput>;
  recordDocumentBatch: (input: RecordBatchInput) => Promise<RecordBatchOutput>;
  awaitBatchDocuments: (input: AwaitBatchInput) => Promise<AwaitBatchOutput>;
}

/** Documents on a page of the plan, at most. */
export const BATCH_PAGE = 200;
