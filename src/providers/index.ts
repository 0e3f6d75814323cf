export { reducto, type ReductoOptions } from './reducto/index.js';
export type { CallContext, FoundJob, InterpretedResult, JobRead, Provider, UploadSource } from './provider.js';
export { VendorError, type VendorErrorFacts, type VendorErrorKind } from './vendor-error.js';
