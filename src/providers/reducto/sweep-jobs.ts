import { vendorTime } from '../vendor-time.js';
import type { JobList, ListedJob } from './schemas.js';

/** What one reading of the job list came to. */
export interface Sweep {
  /** Each job once. */
  listed: ListedJob[];
  /** False when the list goes on beyond what is read. */
  isWhole: boolean;
}

/** The vendor's clock and ours may differ by this much. */
export const SKEW_MS = 60_000;
/** Of 500 jobs each. More would be no look any more but a load on the vendor. */
const MAX_PAGES = 20;

/** Reads one page of the list. */
export type ReadPage = (cursor: string | undefined) => Promise<JobList>;

interface Waiting {
  oldest: number;
  swept: Promise<Sweep>;
}

/**
 * Reads the account's list for whoever looks for a job, one sweep at a time: after an outage a thousand submits look at once, and one
 * sweep answers all that began to wait before it.
 * @returns a function that sweeps back to `oldest`, ms since the epoch.
 */
export function createSweeps(readPage: ReadPage): (oldest: number) => Promise<Sweep> {
  let current: Promise<unknown> = Promise.resolve();
  let next: Waiting | null = null;
  return (oldest) => {
    if (next !== null) {
      next.oldest = Math.min(next.oldest, oldest);
      return next.swept;
    }
    // What a sweep that has begun will show may be older than the question.
    const swept = current.then(() => {
      next = null;
      return sweep(waiting.oldest, readPage);
    });
    const waiting: Waiting = { oldest, swept };
    next = waiting;
    current = swept.catch(() => undefined);
    return swept;
  };
}

/**
 * The list may shift between two pages. Its order is undocumented (newest first is what is seen): a page only ends the reading when all
 * of it is older.
 */
async function sweep(oldest: number, readPage: ReadPage): Promise<Sweep> {
  const byId = new Map<string, ListedJob>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { jobs, next_cursor: next } = await readPage(cursor);
    for (const job of jobs) byId.set(job.job_id, job);
    const isPast = jobs.length > 0 && jobs.every((job) => (vendorTime(job.created_at) ?? Infinity) < oldest - SKEW_MS);
    if (isPast || !next) return { listed: [...byId.values()], isWhole: true };
    cursor = next;
  }
  return { listed: [...byId.values()], isWhole: false };
}
