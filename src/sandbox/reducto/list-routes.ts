import type { Hono } from 'hono';
import { z } from 'zod';
import type { GuardedCall } from '../calls.js';
import type { SandboxEnv } from '../core.js';
import type { SandboxJob } from '../jobs.js';
import { apiError, validationDetails, validationError } from './api-error.js';
import { jobFacts } from './job-body.js';
import type { Vendor } from './vendor.js';

const query = z.object({
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
  /** Empty when a client sends null. */
  cursor: z.string().default(''),
  exclude_configs: z.enum(['true', 'false', '1', '0']).default('false'),
});

/** `GET /jobs`: newest first, without filters. */
export function addListRoutes(app: Hono<SandboxEnv>, vendor: Vendor, call: GuardedCall): void {
  const { core, switches } = vendor;
  app.get('/jobs', ...call('list'), async (c) => {
    const checked = query.safeParse(c.req.query());
    if (!checked.success) throw validationError(validationDetails(checked.error, c.req.query(), 'query'));
    const { limit, cursor } = checked.data;
    const excluded = ['true', '1'].includes(checked.data.exclude_configs);
    const now = await core.clock.now();
    const before = cursor === '' ? Infinity : decodeCursor(cursor);
    const listed = core.jobs
      .all()
      .filter((job) => isListed(job, now) && job.ordinal < before)
      .reverse();
    const page = listed.slice(0, limit);
    return c.json({
      jobs: page.map((job) => entry(job, now, excluded)),
      next_cursor: listed.length > limit ? encodeCursor(page.at(-1)!.ordinal) : null,
    });
  });

  function isListed(job: SandboxJob, now: number): boolean {
    return (
      job.provider === 'reducto' && core.jobs.gone(job, now) === null && now >= job.acceptedAt + switches.listSettleMs
    );
  }

  function entry(job: SandboxJob, now: number, excluded: boolean) {
    const moment = core.jobs.at(job, now);
    const { raw_config, ...facts } = jobFacts(vendor, job, moment);
    const config = !excluded ? { raw_config } : switches.excludedConfig === 'empty' ? { raw_config: '' } : {};
    return { job_id: job.id, status: moment.word ?? moment.state, ...facts, ...config };
  }
}

/** A cursor names the last job shown, so that jobs accepted meanwhile shift nothing. */
const encodeCursor = (ordinal: number): string => Buffer.from(`before:${ordinal}`).toString('base64url');

function decodeCursor(cursor: string): number {
  const ordinal = /^before:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (ordinal === undefined) throw apiError(400, 'INVALID_CONFIG', 'Invalid cursor.');
  return Number(ordinal);
}
