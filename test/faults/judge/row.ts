import type { Impact } from '../cell/faulty-document.js';
import type { Run } from '../plan/run.js';

/** What a run came to: one line of the log. */
export interface Row extends Pick<Run, 'id' | 'point' | 'vendor' | 'operation' | 'pattern'> {
  /** What was done to the document, and where it was then. A run counts only when its whole schedule came about. */
  impacts: Impact[];
  fired: boolean;
  /** `complete`, a failure type, `Cancelled` or `hung`. */
  ended: string;
  /** Of each job in the receipt: `parse completed`. */
  outcomes: string[];
  /** Jobs that the vendor accepted. */
  accepted: number;
  /** Operations that were asked for. */
  asked: number;
  /** Jobs that the receipt shows to have been submitted once more, with its reason. */
  resubmits: number;
  repairs: number;
  /** POSTs that the receipt labels as perhaps paid. */
  unknownSubmits: number;
  adopted: number;
  reaped: number;
  /** Jobs that run on after the reap, and of these the ones whose id Temporal was never told. */
  running: number;
  unheardOf: number;
  /** How often its jobs were read. */
  reads: number;
  /** Guarantees that did not hold. */
  violations: Violation[];
  /** From start to end without the time for which it was held, ms. */
  ms: number;
}

export type Violation =
  'lost' | 'paid twice' | 'unlabelled duplicate' | 'left running' | 'wrong ending' | 'too many reads' | 'call lost';
