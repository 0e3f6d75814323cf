export { s3Store, type S3Encryption, type S3StoreOptions } from './s3-store.js';
export { s3Documents, type S3DocumentsOptions } from './s3-documents.js';
