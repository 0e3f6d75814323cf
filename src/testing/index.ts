export * from './conformance/index.js';
export * from './store-conformance/index.js';
export { failure, mockDocumentActivities, type MockAnswers, type MockFailure } from './mock-document-activities.js';
export { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox/index.js';
