import type { Operation } from '../../jobs/types.js';
import type { FoundJob } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { isReductoOperation, REDUCTO_OPERATIONS } from './operations.js';
import type { JobList, ListedJob } from './schemas.js';
import type { z } from 'zod';

type Page = z.infer<typeof JobList>;

export interface FindJob {
  marker: string;
  operation: Operation;
  /** ISO. */
  since: string;
  readPage: (cursor: string | undefined) => Promise<Page>;
}

/** The vendor's clock and ours may differ by this much. */
const SKEW_MS = 60_000;
/** Of 500 jobs each. A list that goes on beyond them has not been searched, so that it proves nothing. */
const MAX_PAGES = 20;

/**
 * Pages the vendor's list until it is older than the first attempt and looks for the marker in the jobs' configurations.
 * The order of the list is undocumented (newest first is what is seen), so that a page only ends the search when all of it is older.
 */
export async function findJob({
  marker,
  operation,
  since,
  readPage,
}: FindJob): Promise<FoundJob | 'unsupported' | null> {
  const oldest = Date.parse(since) - SKEW_MS;
  const type = isReductoOperation(operation) ? REDUCTO_OPERATIONS[operation].type : '';
  const found: ListedJob[] = [];
  const seen = { ours: 0, echoed: 0 };
  let reachedEnd = false;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { jobs, next_cursor: next } = await readPage(cursor);
    for (const job of jobs) {
      if (createdAt(job) < oldest) continue;
      // The marker is unique, whatever the vendor calls the type.
      if (carries(job, marker) && !isDead(job)) found.push(job);
      if ((job.type ?? type) !== type) continue;
      seen.ours++;
      if (echoesMetadata(job)) seen.echoed++;
    }
    reachedEnd = !next || (jobs.length > 0 && jobs.every((job) => createdAt(job) < oldest));
    if (found.length > 0 || reachedEnd) break;
    cursor = next ?? undefined;
  }
  if (found.length > 1) {
    const reason = `${found.length} jobs carry the same marker: ${found.map((job) => job.job_id).join(', ')}`;
    throw new VendorError({ kind: 'ambiguous', endpoint: 'GET /jobs', reason, sent: true });
  }
  const [job] = found;
  if (job !== undefined) return { jobId: job.job_id };
  // Jobs of the time in question are listed and none shows the metadata it was submitted with, or there are more of them than we read: not having
  // seen the marker proves nothing.
  return !reachedEnd || (seen.ours > 0 && seen.echoed === 0) ? 'unsupported' : null;
}

function createdAt({ created_at }: ListedJob): number {
  if (typeof created_at !== 'string') return Infinity;
  // Times come with or without a zone; without one they are UTC.
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(created_at) ? created_at : `${created_at}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? Infinity : time;
}

const isDead = ({ status }: ListedJob): boolean => /^(failed|cancell?ed)$/i.test(status ?? '');

/** Whether this account's list shows what a job was submitted with is undocumented: only a list that does can prove an absence. */
const echoesMetadata = ({ raw_config }: ListedJob): boolean => raw_config?.includes('"metadata"') === true;

/** The marker is a hash: wherever it stands in the configuration, it is ours. */
const carries = ({ raw_config }: ListedJob, marker: string): boolean => raw_config?.includes(marker) === true;
