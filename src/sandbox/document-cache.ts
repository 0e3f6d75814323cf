import { createHash } from 'node:crypto';
import { readDocument, type SandboxDocument } from './document/index.js';

/** Reads a document once, however many jobs work on the same bytes. Rejects as `readDocument` does. */
export type ReadCached = (bytes: Uint8Array, password: string | null) => Promise<SandboxDocument>;

/** @param capacity documents kept; the one that was not used for longest goes first */
export function createDocumentCache(capacity = 32): ReadCached {
  const documents = new Map<string, Promise<SandboxDocument>>();
  return (bytes, password) => {
    const key = createHash('sha256')
      .update(bytes)
      .update(password ?? '')
      .digest('hex');
    const document = documents.get(key) ?? readDocument(bytes, password === null ? {} : { password });
    documents.delete(key);
    documents.set(key, document);
    if (documents.size > capacity) documents.delete(documents.keys().next().value!);
    return document;
  };
}
