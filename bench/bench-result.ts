/** What a bench has to say. */
export interface BenchResult {
  rows: unknown[];
  /** Said under the table. */
  notes?: string[];
  /** Promises that did not hold, one line each: the command exits with 1. */
  broken?: string[];
}
