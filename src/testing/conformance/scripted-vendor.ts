import type { Operation } from '../../jobs/types.js';
import type { Provider } from '../../providers/provider.js';
import type { Situation } from './situations.js';

/** A job as the vendor's own books have it. `gone`: the vendor denies it. */
export interface VendorJob {
  operation: Operation;
  jobId: string;
  state: 'running' | 'completed' | 'failed' | 'cancelled' | 'gone';
}

/**
 * A stand-in for the vendor's server that does what it is told. Its clock must be the test environment's (`env.currentTimeMs()`): hours
 * pass in an instant there. `accepted`, `submits`, `requests` and `bodyReads` count from the last {@link reset}.
 */
export interface ScriptedVendor {
  /** A small document that the provider can parse: a URL that the stand-in can fetch, or a reference of its own. */
  document: string;
  /** Path of a document on this machine, to try what lies on the worker. Left out: not shown. */
  file?: string;
  /** What it cannot show, and why. Such a row is no pass. */
  cannot?: Partial<Record<Situation, string>>;
  /** Forgets the script and begins to count anew. Called before each case. */
  reset(): void | Promise<void>;
  /**
   * Arranges a situation for the next job, and the next calls, of one operation; everything else goes well.
   * @returns the document for this case, where it needs one of its own.
   */
  script(situation: Situation, operation: Operation): ScriptedCase | void | Promise<ScriptedCase | void>;
  /** Jobs that were accepted, whatever was answered. */
  accepted(): VendorJob[] | Promise<VendorJob[]>;
  /** Submits of an operation that arrived, whatever became of them. */
  submits(operation: Operation): number | Promise<number>;
  /** Calls that arrived, of any kind. */
  requests(): number | Promise<number>;
  /** Fetches of finished bodies that lie behind a URL of their own. */
  bodyReads?(): number | Promise<number>;
  /** Makes the next job of the operation report this word for an hour. Left out: the declared status words are not shown. */
  sayWord?(word: string, operation: Operation): void | Promise<void>;
  /** The same provider with a key that the vendor refuses. Left out: not shown. */
  wrongKey?: Provider;
}

export interface ScriptedCase {
  document?: string;
}
