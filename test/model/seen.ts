import type { Receipt } from '../../src/jobs/types.js';
import type { FailureType } from '../../src/jobs/failures.js';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { LedgerJob, LedgerSubmit } from '../../src/sandbox/index.js';
import type { Event, Schedule } from './schedule.js';

/** How a document ended. */
export type End =
  | { kind: 'result'; result: ProcessDocumentResult }
  | { kind: 'failed'; type: FailureType; message: string; details: Record<string, unknown> }
  | { kind: 'cancelled' }
  /** In a way that no document should end. */
  | { kind: 'other'; error: string }
  | { kind: 'hung' };

/** All that was seen of a document, from outside. */
export interface Seen {
  schedule: Schedule;
  /** Events that came about. */
  fired: Event[];
  end: End;
  receipt: Receipt | null;
  /** The vendor's books. */
  jobs: LedgerJob[];
  submits: LedgerSubmit[];
  /** Of jobs, that reached the vendor. */
  reads: number;
  /** Cancels that the vendor was asked for. */
  cancels: number;
  /** Of each stored body its hash and its text. */
  stored: Record<string, { sha256: string; text: string }>;
  /** History, memo and heartbeats as text. */
  told: string;
  /** In the history. */
  events: number;
  /** Activities that the workflow left behind when it closed. */
  pending: number;
}

/** `complete`, `partial`, a failure type, `cancelled` … */
export function endingOf(end: End): string {
  if (end.kind === 'result') return end.result.status;
  return end.kind === 'failed' ? end.type : end.kind;
}
