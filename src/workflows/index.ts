export { processDocument } from './process-document.js';
export { processBatch } from './process-batch/process-batch.js';
export { processBatchDocument } from './process-batch-document.js';
export { changeDocumentBatch, documentBatchStatus } from './process-batch/batch-handlers.js';
export { reapOrphanedJobs } from './reap-orphaned-jobs.js';
export { forgetDocument } from './forget-document.js';
export { documentJobMailbox } from './document-job-mailbox.js';
export { documentJobLease } from './document-job-lease.js';
export { documentJobs } from './document-jobs.js';
export type { AttachOptions, DocumentJobs, DocumentJobsOptions, HandOver } from './document-jobs-interface.js';
export type { ExtractedDocument, ExtractedSection, OtherResult, ParsedDocument, SplitDocument } from './documents.js';
export type { ExtractRequest, ExtractSectionsRequest, ParseRequest, RunRequest, SplitRequest } from './requests.js';
export { documentJobsStatus } from './board.js';
export type { JobOptions } from './job-options.js';
export type { SchemaOutput, StandardJsonSchema } from './schema.js';
export { isDocumentFailure, type DocumentFailureError } from '../jobs/is-document-failure.js';
export { FAILURE_TYPES, type FailureDetails, type FailureType } from '../jobs/failures.js';
export type { JsonObject, JsonSchema, JsonValue } from '../jobs/json.js';
export type { PollingOptions, ProcessDocumentInput, ProcessDocumentResult } from '../jobs/process-document.js';
export type {
  BatchBudget,
  BatchChange,
  BatchDocumentEnd,
  BatchManifest,
  BatchRow,
  BatchRowInput,
  BatchRowState,
  BatchSelection,
  BatchStatus,
  ProcessBatchInput,
} from '../jobs/batch.js';
export type { ForgetInput, ForgetReport, ForgottenPlace, ForgottenState, UploadRef } from '../jobs/forget.js';
export type { ReapedJob, ReapInput, ReapReport } from '../jobs/reap.js';
export type * from '../jobs/types.js';
export type { ProviderName, ProviderOperation, ProviderOptions, ProviderTypes } from '../providers/types.js';
