export * from './registry.js';
export type {
  CallContext,
  DocumentFile,
  FoundJob,
  InterpretedResult,
  JobBody,
  JobRead,
  ListedJob,
  ListedJobs,
  ListQuery,
  Provider,
  SubmitContext,
  SubmittedJob,
} from './provider.js';
export type { Quota } from './quota.js';
export type { BodyPart, BodyPath, ParsedContent, PartSchema, ResultFormat, StoredBody } from './result-format.js';
export type { ProviderContent } from './types.js';
export { VendorError, type VendorErrorFacts, type VendorErrorKind } from './vendor-error.js';
