export { processDocument } from './process-document.js';
export { documentJobs } from './document-jobs.js';
export type {
  DocumentJobs,
  DocumentJobsOptions,
  ExtractedDocument,
  ExtractRequest,
  OtherResult,
  ParsedDocument,
  ParseRequest,
  RunRequest,
  SplitDocument,
  SplitRequest,
} from './document-jobs.js';
export { documentJobsStatus } from './board.js';
export type { JobOptions } from './job-options.js';
export type { SchemaOutput, StandardJsonSchema } from './schema.js';
export { isDocumentFailure, type DocumentFailureError } from '../jobs/is-document-failure.js';
export { FAILURE_TYPES, type FailureDetails, type FailureType } from '../jobs/failures.js';
export type { JsonObject, JsonSchema, JsonValue } from '../jobs/json.js';
export type { PollingOptions, ProcessDocumentInput, ProcessDocumentResult } from '../jobs/process-document.js';
export type * from '../jobs/types.js';
export type { ProviderName, ProviderOperation, ProviderOptions, ProviderTypes } from '../providers/types.js';
