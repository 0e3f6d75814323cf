import type { Context, Hono } from 'hono';
import type { GuardedCall } from '../calls.js';
import { cancelJob } from '../cancel-job.js';
import type { SandboxEnv } from '../core.js';
import { settled } from '../job-waits.js';
import type { SandboxJob } from '../jobs.js';
import { uncoded } from './api-error.js';
import { baseOf } from './base.js';
import { jobBody } from './job-body.js';
import type { Vendor } from './vendor.js';

type Call = Context<SandboxEnv>;

/** Reads and cancels one job. */
export function addJobRoutes(app: Hono<SandboxEnv>, vendor: Vendor, call: GuardedCall): void {
  const { core, switches } = vendor;
  const operationOf = (c: Call) => core.jobs.get(c.req.param('job_id') ?? '', 'pulse')?.operation ?? null;

  app.get('/job/:job_id', ...call('get', operationOf), async (c) => {
    const job = knownJob(vendor, c.req.param('job_id'));
    await settled(job);
    return c.json(await jobBody(vendor, job, baseOf(c), await core.clock.now()));
  });

  const cancel = async (c: Context<SandboxEnv, '/job/:job_id'>): Promise<Response> => {
    const job = knownJob(vendor, c.req.param('job_id'));
    const verdict = await cancelJob(core, job);
    if (verdict === 'accepted') return c.json({ job_id: job.id, message: 'Job cancelled successfully' });
    if (verdict === 'already-ended' && switches.cancelEnded === 200) {
      return c.json({ job_id: job.id, message: 'Job has already ended' });
    }
    throw uncoded(500, 'Job could not be cancelled');
  };
  app.delete('/job/:job_id', ...call('cancel', operationOf), cancel);
  app.post('/cancel/:job_id', ...call('cancel', operationOf), cancel);
}

/** @throws ApiError 404 */
export function knownJob({ core }: Vendor, id: string): SandboxJob {
  const job = core.jobs.get(id, 'pulse');
  if (!job || job.faults.vanished) throw uncoded(404, 'Job not found');
  return job;
}
