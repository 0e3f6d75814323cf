import type { Operation } from '../../jobs/types.js';
import type { FoundJob } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { createdAt } from './created-at.js';
import { configText, isMarked, showsMetadata } from './list-config.js';
import { isReductoOperation, REDUCTO_OPERATIONS } from './operations.js';
import type { JobList, ListedJob } from './schemas.js';

export interface FindJob {
  marker: string;
  operation: Operation;
  /** ISO. */
  since: string;
  readPage: (cursor: string | undefined) => Promise<JobList>;
}

/** A job of unknown age may be the one. */
const ageOf = (job: ListedJob): number => createdAt(job) ?? Infinity;

/** The vendor's clock and ours may differ by this much. */
const SKEW_MS = 60_000;
/** Of 500 jobs each. More would be no look any more but a load on the vendor. */
const MAX_PAGES = 20;

/**
 * Pages through the vendor's list until it is older than the first attempt and looks for the marker in the jobs' configurations.
 * @returns `'unsupported'` when absence proves nothing: a job that could be ours does not show its configuration, no job of the list shows
 * any metadata (that the vendor echoes it is undocumented, so that it is believed when seen), the list is longer than is read, or a classify
 * without a marker could be one of ours that was posted to the synchronous endpoint.
 */
export async function findJob({
  marker,
  operation,
  since,
  readPage,
}: FindJob): Promise<FoundJob | 'unsupported' | null> {
  const oldest = Date.parse(since) - SKEW_MS;
  const { listed, isWhole } = await readList(oldest, readPage);
  const alive = listed.filter((job) => ageOf(job) >= oldest && !isDead(job));
  // The marker is a hash: wherever it stands in the configuration, and whatever the vendor calls the type, the job is ours.
  const found = alive.filter((job) => configText(job).includes(marker));
  if (found.length > 1) {
    const reason = `${found.length} jobs carry the same marker: ${found.map((job) => job.job_id).join(', ')}`;
    throw new VendorError({ kind: 'ambiguous', endpoint: 'GET /jobs', reason, sent: true });
  }
  const [job] = found;
  if (job !== undefined) return { jobId: job.job_id };
  const candidates = alive.filter((one) => isOf(operation, one));
  if (candidates.length === 0) return isWhole ? null : 'unsupported';
  const areReadable = candidates.every((one) => configText(one) !== '');
  const areMarked = operation !== 'classify' || candidates.every(isMarked);
  return isWhole && areReadable && areMarked && listed.some(showsMetadata) ? null : 'unsupported';
}

/**
 * Each job once, although the list may shift between two pages. Its order is undocumented (newest first is what is seen): a page only ends
 * the reading when all of it is older.
 */
async function readList(
  oldest: number,
  readPage: FindJob['readPage'],
): Promise<{ listed: ListedJob[]; isWhole: boolean }> {
  const byId = new Map<string, ListedJob>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { jobs, next_cursor: next } = await readPage(cursor);
    for (const job of jobs) byId.set(job.job_id, job);
    const isPast = jobs.length > 0 && jobs.every((job) => ageOf(job) < oldest);
    if (isPast || !next) return { listed: [...byId.values()], isWhole: true };
    cursor = next;
  }
  return { listed: [...byId.values()], isWhole: false };
}

function isOf(operation: Operation, { type }: ListedJob): boolean {
  if (typeof type !== 'string' || !isReductoOperation(operation)) return true;
  return type.toLowerCase() === REDUCTO_OPERATIONS[operation].type.toLowerCase();
}

const isDead = ({ status }: ListedJob): boolean => /^(failed|cancell?ed)$/i.test(status ?? '');
