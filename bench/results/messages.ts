import type { ResultRef } from '../../src/jobs/types.js';

/** What the measured process is told to do. */
export type Order = (
  | { kind: 'rss' }
  /** Copy what lies behind the URL to a file, with nothing around it. */
  | { kind: 'plain'; url: string }
  /** Read a stored result to its end, chunk by chunk. */
  | { kind: 'read'; ref: ResultRef }
  | { kind: 'stop' }
) & {
  /** The peak counts from here on. */
  fromHere?: true;
};

export interface Told {
  /** What was ordered took, ms. */
  ms: number;
  /** Resident memory now and at its peak, bytes. */
  rss: number;
  peak: number;
  chunks?: number;
}
