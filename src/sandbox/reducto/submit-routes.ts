import type { Context, Hono } from 'hono';
import { isJsonObject } from '../../jobs/json.js';
import type { GuardedCall } from '../calls.js';
import type { SandboxEnv } from '../core.js';
import { finishInRealTime } from '../job-waits.js';
import { originOf } from '../origin.js';
import { acceptJob } from './accept-job.js';
import { announcementOf } from './announce.js';
import { apiError, fromFailure, validationError } from './api-error.js';
import type { AnyOperation } from './operation.js';
import * as operations from './operations/index.js';
import { resultBody } from './result-body.js';
import type { Vendor } from './vendor.js';

type Call = Context<SandboxEnv>;

/** `POST /<operation>` answers when the job is done, `POST /<operation>_async` at once with its id. */
export function addSubmitRoutes(app: Hono<SandboxEnv>, vendor: Vendor, call: GuardedCall): void {
  for (const operation of Object.values(operations)) {
    const name = operation.operation;
    if (name !== 'classify' || vendor.switches.classifyAsync) {
      app.post(`/${name}_async`, ...call('submit', name), async (c) =>
        submitted(c, vendor, operation, await bodyOf(c)),
      );
    }
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
  const announcement = announcementOf(job, vendor.switches);
  if (announcement !== null) await vendor.core.webhooks.follow(job, announcement);
  return c.json({ job_id: job.id });
}

async function answered(c: Call, vendor: Vendor, operation: AnyOperation, body: unknown): Promise<Response> {
  const job = await acceptJob(vendor, operation, body, false);
  c.set('jobId', job.id);
  const end = await finishInRealTime(vendor.core, job, vendor.switches.syncLimitMs);
  if (end === null) throw apiError(504, 'TIMEOUT', 'The request took too long.', job.id);
  if (end.error) throw fromFailure(end.error, job.id);
  const now = await vendor.core.clock.now();
  return c.json(await resultBody(vendor, job, originOf(c), now));
}
