import type { JobStatus } from '../../src/jobs/types.js';
import type { ListedJob, Provider } from '../../src/providers/provider.js';
import { fakeProvider, read } from './fake-provider.js';
import { EPOCH, type VirtualTime } from './virtual-time.js';

/** A job of the vendor's: when it was made and when it ends, ms since the start. */
export interface VendorJob {
  id: string;
  madeAt: number;
  endsAt: number;
  /** Not in the list, although it can be read. */
  hidden?: boolean;
}

export interface ListedVendor {
  provider: Provider;
  /** In the order in which they were made. */
  jobs: VendorJob[];
  add: (job: VendorJob) => VendorJob;
  /** When each job was read by itself, ms since the start. */
  reads: Map<string, number[]>;
  /** When each page was asked for, and with which cursor. */
  pages: { at: number; cursor: string | undefined; limit: number | undefined }[];
  /** What goes wrong: may throw instead of a page or a read. */
  faults: { list?: (cursor: string | undefined, nth: number) => void; read?: (id: string, nth: number) => void };
}

export interface ListedVendorOptions {
  /** How long each call takes, ms. Default 20. */
  latencyMs?: number;
  /** Cursors name a place instead of a job, so that new jobs push others onto the next page. */
  shifts?: boolean;
  /** Default true. */
  hasList?: boolean;
  quota?: Partial<Provider['quota']>;
}

/** A vendor with a job list, newest first, in virtual time. */
export function listedVendor(time: VirtualTime, options: ListedVendorOptions = {}): ListedVendor {
  const { latencyMs = 20, shifts = false, hasList = true, quota = {} } = options;
  const jobs: VendorJob[] = [];
  const byId = new Map<string, VendorJob>();
  const reads: ListedVendor['reads'] = new Map();
  const pages: ListedVendor['pages'] = [];
  const faults: ListedVendor['faults'] = {};
  const statusOf = ({ endsAt }: VendorJob): JobStatus => (time.elapsed() >= endsAt ? 'failed' : 'running');
  const timesOf = ({ madeAt, endsAt }: VendorJob) => ({
    createdAt: new Date(EPOCH + madeAt).toISOString(),
    ...(time.elapsed() >= endsAt ? { completedAt: new Date(EPOCH + endsAt).toISOString() } : {}),
  });
  const listed = (job: VendorJob): ListedJob => ({
    jobId: job.id,
    status: statusOf(job),
    vendorStatus: statusOf(job).toUpperCase(),
    type: 'Parse',
    operation: 'parse',
    createdAt: new Date(EPOCH + job.madeAt).toISOString(),
    pages: null,
  });
  const listJobs: NonNullable<Provider['listJobs']> = async ({ cursor, limit = 100 }, { signal }) => {
    pages.push({ at: time.elapsed(), cursor, limit });
    await time.sleep(latencyMs, signal);
    faults.list?.(cursor, pages.length);
    const from = cursor === undefined ? 0 : Number(cursor);
    // A cursor counts jobs from the newest one, or names the oldest one shown.
    const end = shifts ? jobs.length - from : cursor === undefined ? jobs.length : from;
    const page = jobs.slice(Math.max(0, end - limit), Math.max(0, end)).reverse();
    const next = shifts ? from + limit : end - limit;
    const isLast = end - limit <= 0;
    return { jobs: page.filter(({ hidden }) => !hidden).map(listed), nextCursor: isLast ? null : String(next) };
  };
  const provider: Provider = {
    ...fakeProvider(),
    quota: { requestsPerSecond: null, readsPerSecond: null, ...quota },
    ...(hasList ? { listJobs } : {}),
    async get(jobId, _operation, { signal }) {
      const times = reads.get(jobId) ?? [];
      reads.set(jobId, [...times, time.elapsed()]);
      await time.sleep(latencyMs, signal);
      faults.read?.(jobId, times.length + 1);
      const job = byId.get(jobId);
      return job === undefined ? null : read(statusOf(job), undefined, timesOf(job));
    },
  };
  return {
    provider,
    jobs,
    reads,
    pages,
    faults,
    add(job) {
      jobs.push(job);
      byId.set(job.id, job);
      return job;
    },
  };
}
