import type { DocumentLabel } from './events.js';

/** Makes one of something for each document, when first asked for. By identity: two files of the same content share a workflow id. */
export function perDocument<T>(make: (document: DocumentLabel) => T): (document: DocumentLabel) => T {
  const made = new Map<DocumentLabel, T>();
  return (document) => {
    const one = made.get(document) ?? make(document);
    made.set(document, one);
    return one;
  };
}
