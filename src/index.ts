export * from './activities/index.js';
export {
  fileStore,
  memoryStore,
  type ObjectBody,
  openResult,
  type ReadableStore,
  readResult,
  type ResultStore,
  ResultStoreError,
  type StoredObject,
} from './results/index.js';
export * from './providers/index.js';
export * from './reading/index.js';
export * from './batch/record/index.js';
export { ACTIVITY, DEFAULT_TASK_QUEUE, RECEIPT_MEMO, STATUS_QUERY, WORKFLOW } from './jobs/names.js';
export {
  FAILURE_TYPES,
  type Digest,
  type DocumentFailure,
  type FailureDetails,
  type FailureType,
} from './jobs/failures.js';
export { isDocumentFailure, type DocumentFailureError } from './jobs/is-document-failure.js';
export type { DocumentActivities } from './jobs/activities.js';
export type { JsonObject, JsonSchema, JsonValue } from './jobs/json.js';
export type {
  ProcessDocumentInput,
  ProcessDocumentResult,
  DocumentFailureReport,
  PollingOptions,
} from './jobs/process-document.js';
export type { BatchActivities } from './jobs/batch-activities.js';
export type {
  BatchDocument,
  BatchJob,
  BatchManifest,
  BatchRow,
  BatchRowInput,
  BatchRowState,
  BatchSelection,
  ProcessBatchInput,
} from './jobs/batch.js';
export type { ForgetInput, ForgetReport, ForgottenPlace, ForgottenState, UploadRef } from './jobs/forget.js';
export type { ReapedJob, ReapInput, ReapReport } from './jobs/reap.js';
export type * from './jobs/types.js';
