import type { Context, Hono } from 'hono';
import type { GuardedCall } from '../calls.js';
import type { SandboxEnv } from '../core.js';
import { cancelJob } from '../cancel-job.js';
import { settled } from '../job-waits.js';
import type { SandboxJob } from '../jobs.js';
import { originOf } from '../origin.js';
import { apiError } from './api-error.js';
import { jobBody } from './job-body.js';
import type { Vendor } from './vendor.js';

type Call = Context<SandboxEnv>;

/** Reads, cancels and deletes one job. */
export function addJobRoutes(app: Hono<SandboxEnv>, vendor: Vendor, call: GuardedCall): void {
  const { core, switches } = vendor;
  const operationOf = (c: Call) => core.jobs.get(c.req.param('job_id') ?? '', 'reducto')?.operation ?? null;

  app.get('/job/:job_id', ...call('get', operationOf), async (c) => {
    const job = await readableJob(vendor, c.req.param('job_id'));
    await settled(job);
    return c.json(await jobBody(vendor, job, originOf(c), await core.clock.now()));
  });

  app.post('/cancel/:job_id', ...call('cancel', operationOf), async (c) => {
    const job = await readableJob(vendor, c.req.param('job_id'));
    // What cancelling a finished job answers is not documented: here it changes nothing.
    if ((await cancelJob(core, job)) === 'error') {
      throw apiError(500, 'INTERNAL_ERROR', 'The job could not be cancelled.', job.id);
    }
    const bodies = { object: {}, null: null, status: { status: 'Cancelled' } };
    return c.json(bodies[switches.cancelBody]);
  });

  // What deleting does to a running job is not said: here it goes on out of sight, and is billed.
  app.delete('/job/:job_id', ...call('delete', operationOf), async (c) => {
    const job = await readableJob(vendor, c.req.param('job_id'));
    job.deletedAt = await core.clock.now();
    return c.json({ job_id: job.id }, 202);
  });
}

async function readableJob({ core, switches }: Vendor, id: string): Promise<SandboxJob> {
  const job = core.jobs.get(id, 'reducto');
  const now = await core.clock.now();
  const gone = job && core.jobs.gone(job, now);
  if (job && gone === 'deleted') {
    throw now < job.deletedAt! + switches.deletionMs
      ? apiError(409, 'JOB_DELETION_IN_PROGRESS', 'The job is being deleted.', id)
      : apiError(410, 'JOB_DELETED', 'The job was deleted.', id);
  }
  if (!job || gone) throw apiError(404, 'NOT_FOUND', 'Job not found.', id);
  return job;
}
