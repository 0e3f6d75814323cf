import type { JsonObject } from '../../jobs/json.js';
import type { JobError, JobMoment } from '../job-life.js';
import type { SandboxJob } from '../jobs.js';
import { errorDetail, fromFailure } from './api-error.js';
import { rawConfig } from './raw-config.js';
import { resultBody } from './result-body.js';
import type { Vendor } from './vendor.js';

const CANCELLED: JobError = { code: 409, name: 'JOB_CANCELLED', message: 'The job was cancelled.' };

/** The body of `GET /job/<id>`. It has no job_id. @throws ApiError for a cancelled job, where that is switched on */
export async function jobBody(vendor: Vendor, job: SandboxJob, origin: string, now: number): Promise<JsonObject> {
  const { core, switches } = vendor;
  const moment = core.jobs.at(job, now);
  const cancelled = moment.state === 'Cancelled';
  if (cancelled && switches.cancelledForm === 'error') throw fromFailure(CANCELLED, job.id);
  const failedForm = cancelled && switches.cancelledForm === 'failed';
  const error = failedForm ? CANCELLED : moment.error;
  const minimal = {
    status: moment.word ?? (failedForm ? 'Failed' : moment.state),
    result: moment.state === 'Completed' ? await resultBody(vendor, job, origin, now) : null,
    progress: switches.progress ? Math.round(moment.progress * 100) : null,
    reason: error?.message ?? null,
    error: error && errorDetail(error, job.id),
  };
  return switches.jobShape === 'minimal' ? minimal : { ...minimal, ...jobFacts(vendor, job, moment) };
}

/** What the enhanced form and the list tell of a job. */
export function jobFacts({ switches, contents }: Vendor, job: SandboxJob, { endedAt }: JobMoment): JsonObject {
  return {
    type: contents.get(job.id)?.type ?? null,
    num_pages: job.ready?.pages ?? null,
    total_pages: job.ready?.totalPages ?? null,
    source: null,
    duration: endedAt === null ? null : (endedAt - job.acceptedAt) / 1000,
    created_at: new Date(job.acceptedAt).toISOString(),
    raw_config: rawConfig(job.config, switches.echoMetadata),
    bucket: null,
  };
}
