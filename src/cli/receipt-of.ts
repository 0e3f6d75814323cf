import type { DocumentEnd } from '../client/document-end.js';
import type { ProcessDocumentResult } from '../jobs/process-document.js';
import type { Receipt } from '../jobs/types.js';

/** The receipt of an ended document; null when it left none (terminated, timed out; one of a batch, whose jobs stand in the batch's record). */
export function receiptOf(end: DocumentEnd): Receipt | null {
  return end.kind === 'result' ? ((end.result as Partial<ProcessDocumentResult>).receipt ?? null) : end.receipt;
}
