export { documentWorkflowId } from './workflow-id.js';
export { startDocument, type StartDocumentOptions, type StartedDocument } from './start-document.js';
export { followDocument, type DocumentUpdate, type FollowDocumentOptions } from './follow-document.js';
export { documentEnd, type DocumentEnd, type FailureReport } from './document-end.js';
export { readStatus } from './read-status.js';
export { cancelDocument } from './cancel-document.js';
export { REAPER_SCHEDULE, scheduleReaper, type ScheduleReaperOptions } from './schedule-reaper.js';
export { forgetDocument, type ForgetDocumentOptions } from './forget-document.js';
export { startBatch, type StartBatchOptions, type StartedBatch } from './batch/start-batch.js';
export { batchForecast, batchStatus } from './batch/batch-status.js';
export { changeBatch } from './batch/change-batch.js';
export { followBatch, type BatchUpdate, type FollowBatchOptions } from './batch/follow-batch.js';
export { batchEnd, type BatchEnd } from './batch/batch-end.js';
export { redriveBatch, type RedriveBatchOptions, type StartedRedrive } from './batch/redrive-batch.js';
export { batchWorkflowId } from './batch/batch-workflow-id.js';
export { manifestIdentity } from './batch/manifest-identity.js';
export { documentManifest } from './manifest/document-manifest.js';
export { readReceipt } from './read-receipt.js';
export { historyCost, type HistoryCost } from './history-cost.js';
export { isDocumentFailure, type DocumentFailureError } from '../jobs/is-document-failure.js';
export { FAILURE_TYPES, type FailureDetails, type FailureType } from '../jobs/failures.js';
export type { ForgetReport, ForgottenPlace, ForgottenState } from '../jobs/forget.js';
export type { DocumentManifest, ManifestJob, ManifestRequest, ManifestSource } from '../jobs/manifest.js';
export type { BatchForecast } from '../jobs/batch-forecast.js';
export type {
  BatchBudget,
  BatchChange,
  BatchManifest,
  BatchRow,
  BatchRowInput,
  BatchRowState,
  BatchSelection,
  BatchStatus,
  ProcessBatchInput,
} from '../jobs/batch.js';
export type { ReapedJob, ReapInput, ReapReport } from '../jobs/reap.js';
export type { ProcessDocumentInput, ProcessDocumentResult } from '../jobs/process-document.js';
export type { DocumentJobsStatus, JobReceipt, JobStatusLine, Receipt } from '../jobs/types.js';
