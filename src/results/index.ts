export { fileStore } from './file-store.js';
export { memoryStore } from './memory-store.js';
export { openResult, readResult, type ReadableStore } from './open-result.js';
export { resultKey } from './result-key.js';
export { ResultStoreError, type ObjectBody, type ResultStore, type StoredObject } from './result-store.js';
