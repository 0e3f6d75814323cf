import type { AccountRef } from '../jobs/activities.js';
import type { Board } from './board.js';
import type { ResolvedJobOptions } from './job-options.js';

/** What the life of one job needs to know of its surroundings. */
export interface JobContext extends AccountRef {
  options: ResolvedJobOptions;
  board: Board;
  /** When the whole document must be done, ms since the epoch, and how long it had in all; undefined = no limit. */
  documentDeadline: { at: number; limitMs: number } | undefined;
  /** Takes from the document's inline budget (256 KiB in all): what one result may still use, in bytes. */
  inlineBudget: { left: number };
}
