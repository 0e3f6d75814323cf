import type { Context, Hono } from 'hono';
import { isJsonObject } from '../../jobs/json.js';
import type { GuardedCall } from './authorise.js';
import type { SandboxEnv } from '../core.js';
import type { SandboxJob } from '../jobs.js';
import { pause } from '../pause.js';
import { acceptJob } from './accept-job.js';
import { apiError, fromFailure, validationError } from './api-error.js';
import type { AnyOperation } from './operation.js';
import * as operations from './operations/index.js';
import { originOf } from './origin.js';
import { resultBody } from './result-body.js';
import type { Vendor } from './vendor.js';

type Call = Context<SandboxEnv>;

/** `POST /<operation>` answers when the job is done, `POST /<operation>_async` at once with its id. */
export function addSubmitRoutes(app: Hono<SandboxEnv>, vendor: Vendor, call: GuardedCall): void {
  for (const operation of Object.values(operations)) {
    const name = operation.operation;
    app.post(`/${name}_async`, ...call('submit', name), async (c) => submitted(c, vendor, operation, await bodyOf(c)));
    app.post(`/${name}`, ...call('submit', name), async (c) => {
      const body = await bodyOf(c);
      const asynchronous = operation.asyncBlockOnSync && isJsonObject(body) && isJsonObject(body.async);
      return asynchronous ? submitted(c, vendor, operation, body) : answered(c, vendor, operation, body);
    });
  }
}

async function bodyOf(c: Call): Promise<unknown> {
  try {
    return await c.req.json<unknown>();
  } catch {
    throw validationError([{ loc: ['body', 0], msg: 'JSON decode error', type: 'json_invalid' }]);
  }
}

async function submitted(c: Call, vendor: Vendor, operation: AnyOperation, body: unknown): Promise<Response> {
  const job = await acceptJob(vendor, operation, body, vendor.switches.unreadableAt === 'submit');
  c.set('jobId', job.id);
  return c.json({ job_id: job.id });
}

async function answered(c: Call, vendor: Vendor, operation: AnyOperation, body: unknown): Promise<Response> {
  const job = await acceptJob(vendor, operation, body, false);
  c.set('jobId', job.id);
  await finishInRealTime(vendor, job);
  const now = await vendor.core.clock.now();
  return c.json(await resultBody(vendor, job, originOf(c), now));
}

/** A call waits in real time, also when the jobs' clock is simulated. @throws ApiError when the job does not complete */
async function finishInRealTime({ core, switches }: Vendor, job: SandboxJob): Promise<void> {
  await job.prepared;
  const { stuck, word } = job.faults;
  const lasts = stuck ? Infinity : Math.max(job.ready?.durationMs ?? 0, word?.forMs ?? 0);
  await pause(Math.min(lasts, switches.syncLimitMs), core.closing);
  if (lasts > switches.syncLimitMs) throw apiError(504, 'TIMEOUT', 'The request took too long.', job.id);
  const { error } = await core.jobs.endNow(job);
  if (error) throw fromFailure(error, job.id);
}
