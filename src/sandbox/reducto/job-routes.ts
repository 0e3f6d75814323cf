import type { Context, Hono } from 'hono';
import type { GuardedCall } from './authorise.js';
import type { SandboxEnv } from '../core.js';
import type { SandboxJob } from '../jobs.js';
import { apiError } from './api-error.js';
import { jobBody } from './job-body.js';
import { originOf } from './origin.js';
import type { Vendor } from './vendor.js';

type Call = Context<SandboxEnv>;

/** Reads, cancels and deletes one job. */
export function addJobRoutes(app: Hono<SandboxEnv>, vendor: Vendor, call: GuardedCall): void {
  const { core, switches } = vendor;
  const operationOf = (c: Call) => core.jobs.get(c.req.param('job_id') ?? '')?.operation ?? null;

  app.get('/job/:job_id', ...call('get', operationOf), async (c) => {
    const job = await readableJob(vendor, c.req.param('job_id'));
    await settled(job);
    return c.json(await jobBody(vendor, job, originOf(c), await core.clock.now()));
  });

  app.post('/cancel/:job_id', ...call('cancel', operationOf), async (c) => {
    const job = await readableJob(vendor, c.req.param('job_id'));
    await cancel(vendor, job);
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
  const job = core.jobs.get(id);
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

async function cancel({ core }: Vendor, job: SandboxJob): Promise<void> {
  const at = await core.clock.now();
  if (job.faults.cancel === 'error') throw apiError(500, 'INTERNAL_ERROR', 'The job could not be cancelled.', job.id);
  // What cancelling a finished job answers is not documented: here it changes nothing.
  if (job.faults.cancel === 'ignored' || core.jobs.at(job, at).endedAt !== null) return;
  if (job.faults.cancel === 'completes-first') {
    await core.jobs.endNow(job);
    return;
  }
  job.ended = { state: 'Cancelled', at };
}

/** How long a read waits for a document that is still being read; a simulated clock must not depend on real speed. */
const SETTLE_MS = 5_000;

async function settled(job: SandboxJob): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, SETTLE_MS)));
  await Promise.race([job.prepared, limit]);
  clearTimeout(timer);
}
