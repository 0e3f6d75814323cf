import type { ListedJob, Provider } from '../../providers/provider.js';
import { madeAt } from './list-places.js';
import { SKEW_MS, type Wait } from './wait.js';

/** Of the vendor's list at once, without configurations. */
const PAGE_JOBS = 500;
const ENDED: ReadonlySet<ListedJob['status']> = new Set(['completed', 'failed', 'cancelled', 'expired']);

export interface SweepPlan {
  /** Where it begins; null: at the top. */
  start: { page: number; cursor: string } | null;
  /** Pages at most. */
  pages: number;
  signal: AbortSignal;
}

export interface Sweep {
  /** Waits whose job was seen to have ended. */
  ended: number;
  pages: number;
}

export interface SweepEvents {
  /** Before each page. */
  reading(): void;
  /** After each page. `page`: from 0, from the list's top. */
  read(page: number, jobs: readonly ListedJob[], nextCursor: string | null, ms: number): void;
}

/**
 * Reads the list page by page until it has shown all jobs that are expected, is past the oldest of them, or has come to the plan's end, and
 * tells each wait what it says. What slips from page to page meanwhile is a miss, and is shown by the next sweep.
 * @param find the waits for a job, as they are when its page has come. @throws VendorError
 */
export async function sweepList(
  listJobs: NonNullable<Provider['listJobs']>,
  { start, pages, signal }: SweepPlan,
  expected: ReadonlySet<Wait>,
  find: (jobId: string) => Iterable<Wait>,
  elapsed: () => Promise<number>,
  events: SweepEvents,
): Promise<Sweep> {
  const left = new Set(expected);
  const oldest = [...expected].reduce((least, wait) => Math.min(least, wait.madeAt), Infinity) - SKEW_MS;
  let cursor = start?.cursor;
  let ended = 0;
  let read = 0;
  while (read < pages && left.size > 0) {
    signal.throwIfAborted();
    const askedAt = await elapsed();
    events.reading();
    const query = { limit: PAGE_JOBS, excludeConfigs: true, ...(cursor === undefined ? {} : { cursor }) };
    const { jobs, nextCursor } = await listJobs(query, { signal });
    const page = (start?.page ?? 0) + read;
    read += 1;
    events.read(page, jobs, nextCursor, (await elapsed()) - askedAt);
    for (const job of jobs) {
      for (const wait of find(job.jobId)) {
        left.delete(wait);
        if (tell(wait, job, page, askedAt)) ended += 1;
      }
    }
    const isPast = jobs.length > 0 && jobs.every((job) => (madeAt(job.createdAt) ?? Infinity) < oldest);
    if (isPast || nextCursor === null) break;
    cursor = nextCursor;
  }
  for (const wait of left) wait.misses += 1;
  return { ended, pages: read };
}

/** @returns whether the wait did not know yet that its job has ended. */
function tell(wait: Wait, job: ListedJob, page: number, at: number): boolean {
  wait.misses = 0;
  wait.page = page;
  const made = madeAt(job.createdAt);
  if (made !== null) wait.madeAt = wait.newestMadeAt = made;
  if (!ENDED.has(job.status)) {
    wait.listedAt = at;
    wait.sighted(job, at);
    return false;
  }
  if (wait.alone || wait.endedAt !== null) return false;
  wait.endedAt = at;
  wait.wake();
  return true;
}
