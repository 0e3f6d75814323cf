/**
 * Names that stand in Temporal histories. They are wire format: a name here is never changed or reused,
 * only added, because a running workflow replays against it.
 */
export const ACTIVITY = {
  upload: 'uploadDocument',
  submit: 'submitDocumentJob',
  get: 'getDocumentJob',
  poll: 'pollDocumentJob',
  cancel: 'cancelDocumentJob',
  reap: 'reapDocumentJobs',
  lease: 'leaseDocumentJob',
} as const;

export const WORKFLOW = {
  processDocument: 'processDocument',
  reapOrphanedJobs: 'reapOrphanedJobs',
  documentJobLease: 'documentJobLease',
} as const;

/** The ready-made workflows that submit jobs. */
export const SUBMITTING_WORKFLOWS: readonly string[] = [WORKFLOW.processDocument];

/** Answers `DocumentJobsStatus`: what every job of the workflow is doing now. */
export const STATUS_QUERY = 'documentJobsStatus';

/** Memo key under which a cancelled or failed document leaves its receipt: such a workflow has no result to carry it. */
export const RECEIPT_MEMO = 'documentReceipt';

/** Memo key under which a lease of a job names who waits for it: a `JobHolder`. */
export const LEASE_MEMO = 'documentJobHolder';

/** Task queue of the ready-made worker, and of the client unless it is told another. */
export const DEFAULT_TASK_QUEUE = 'document-jobs';
