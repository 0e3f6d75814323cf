import type { JsonObject } from '../../jobs/json.js';
import type { JobMoment, JobState } from '../job-life.js';
import type { SandboxJob } from '../jobs.js';
import { errorText } from './api-error.js';
import { resultBody } from './job-result.js';
import type { PulseSwitches } from './switches.js';
import type { Vendor } from './vendor.js';

const WORDS: Record<Exclude<JobState, 'Cancelled'>, string> = {
  Pending: 'pending',
  InProgress: 'processing',
  Completing: 'processing',
  Completed: 'completed',
  Failed: 'failed',
};

/**
 * The body of `GET /job/<id>`. It does not tell which endpoint the job is from. A job past its retention is there still,
 * `expired`, with nothing in its result.
 */
export async function jobBody(vendor: Vendor, job: SandboxJob, base: string, now: number): Promise<JsonObject> {
  const { core, switches, contents } = vendor;
  const moment = core.jobs.at(job, now);
  const { state, endedAt, error, progress } = moment;
  const expired = core.jobs.gone(job, now) === 'expired';
  const common = {
    job_id: job.id,
    status: expired ? 'expired' : statusWord(moment, switches),
    created_at: isoTime(job.acceptedAt),
    updated_at: isoTime(state === 'Pending' ? job.acceptedAt : (endedAt ?? now)),
    ...(switches.completedAt && endedAt !== null && { completed_at: isoTime(endedAt) }),
    ...(switches.extraFields && { progress: Math.round(progress * 100), worker_pool: 'sandbox' }),
  };
  if (expired) return { ...common, result: {} };
  if (state === 'Completed') {
    return { ...common, result: resultBody(await contents.get(job.id)!.result(), job.id, base) };
  }
  return error === null ? common : { ...common, error: errorText(error, switches.jobError) };
}

function statusWord({ state, word }: JobMoment, { cancelledWord }: PulseSwitches): string {
  return word ?? (state === 'Cancelled' ? cancelledWord : WORDS[state]);
}

const isoTime = (ms: number): string => new Date(ms).toISOString();
