import type { ListedJobs, ListQuery } from '../provider.js';
import { redact } from '../redact.js';
import { isoTime, vendorTime } from '../vendor-time.js';
import { statusOf } from '../status-of.js';
import { ownerOf } from './list-config.js';
import { operationOf } from './operations.js';
import type { JobList, ListedJob } from './schemas.js';
import { STATUSES } from './statuses.js';

/** The most that the vendor lists at once. */
export const LIST_PAGE = 500;

/** Path and query of a list call. @throws TypeError for what the vendor would refuse, before anything is sent. */
export function listPath({ limit, cursor, excludeConfigs }: ListQuery): string {
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= LIST_PAGE)) {
    throw new TypeError(`reducto: limit: expected a whole number from 1 to ${LIST_PAGE}, got ${String(limit)}`);
  }
  if (cursor !== undefined && (typeof cursor !== 'string' || cursor.trim() === '')) {
    throw new TypeError('reducto: cursor: expected the cursor of the page before, a text that is not empty');
  }
  const query = new URLSearchParams({
    ...(limit === undefined ? {} : { limit: String(limit) }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(excludeConfigs === undefined ? {} : { exclude_configs: String(excludeConfigs) }),
  }).toString();
  return query === '' ? '/jobs' : `/jobs?${query}`;
}

/** A page of the vendor's list in neutral terms. */
export function listedJobs({ jobs, next_cursor: next }: JobList): ListedJobs {
  const clean = oncePerWord(redact);
  return { jobs: jobs.map((job) => listedJob(job, clean)), nextCursor: next ? next : null };
}

/** A page of hundreds of jobs has a handful of words. */
function oncePerWord(work: (word: string) => string): (word: string) => string {
  const done = new Map<string, string>();
  return (word) => {
    const known = done.get(word) ?? work(word);
    done.set(word, known);
    return known;
  };
}

function listedJob(job: ListedJob, clean: (word: string) => string): ListedJobs['jobs'][number] {
  const word = job.status ?? 'unknown';
  const owner = ownerOf(job);
  return {
    jobId: job.job_id,
    status: statusOf(STATUSES, word),
    vendorStatus: clean(word),
    type: typeof job.type === 'string' ? clean(job.type) : null,
    operation: operationOf(job.type),
    createdAt: isoTime(vendorTime(job.created_at)) ?? null,
    pages: job.num_pages ?? null,
    ...(owner === undefined ? {} : { owner }),
  };
}
