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
  forget: 'forgetDocument',
  planBatch: 'planDocumentBatch',
  batchPage: 'readDocumentBatchPage',
  recordBatch: 'recordDocumentBatch',
  awaitBatch: 'awaitBatchDocuments',
} as const;

const processDocument = 'processDocument';

/** One document of a batch. */
export const BATCH_DOCUMENT_WORKFLOW = 'processBatchDocument';

/** Keeps the webhook of a job until somebody waits for the job. Its input is a `MailboxInput`. */
export const MAILBOX_WORKFLOW = 'documentJobMailbox';

export const WORKFLOW = {
  processDocument,
  reapOrphanedJobs: 'reapOrphanedJobs',
  documentJobLease: 'documentJobLease',
  documentJobMailbox: MAILBOX_WORKFLOW,
  forgetDocument: 'forgetDocument',
  processBatch: 'processBatch',
  processBatchDocument: BATCH_DOCUMENT_WORKFLOW,
} as const;

/** The ready-made workflows that submit jobs. Named without a look into {@link WORKFLOW}, which would keep both in every workflow bundle. */
export const SUBMITTING_WORKFLOWS: readonly string[] = [processDocument, BATCH_DOCUMENT_WORKFLOW];

/** Says to a job's mailbox which workflow waits for the job. Its argument is a `JobHolder`. */
export const MAILBOX_WAITER_SIGNAL = 'documentJobMailboxWaiter';

/** Says that a job has probably ended: to the workflow that waits for it, or to its mailbox. Its argument is a `WebhookSignal`. */
export const WEBHOOK_SIGNAL = 'documentJobWebhook';

/** Answers `DocumentJobsStatus`: what every job of the workflow is doing now. */
export const STATUS_QUERY = 'documentJobsStatus';

/** Answers `BatchStatus`. */
export const BATCH_STATUS_QUERY = 'documentBatchStatus';

/** Changes a running batch: its argument is a `BatchChange`, its answer a `BatchStatus`. */
export const BATCH_UPDATE = 'changeDocumentBatch';

/** Memo key under which a batch that was cancelled leaves its last `BatchStatus`. */
export const BATCH_MEMO = 'documentBatch';

/** Memo key under which a batch keeps what was expected of it before it was started: a `BatchForecast`. */
export const BATCH_FORECAST_MEMO = 'documentBatchForecast';

/** Memo key under which a cancelled or failed document leaves its receipt: such a workflow has no result to carry it. */
export const RECEIPT_MEMO = 'documentReceipt';

/** Memo key under which a lease of a job names who waits for it: a `JobHolder`. */
export const LEASE_MEMO = 'documentJobHolder';

/** Task queue of the ready-made worker, and of the client unless it is told another. */
export const DEFAULT_TASK_QUEUE = 'document-jobs';
