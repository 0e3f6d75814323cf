import type { DocumentEnd } from '../client/document-end.js';
import type { Receipt } from '../jobs/types.js';

/** The receipt of an ended document; null when it left none (terminated, timed out). */
export function receiptOf(end: DocumentEnd): Receipt | null {
  return end.kind === 'result' ? end.result.receipt : end.receipt;
}
