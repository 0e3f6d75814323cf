import type { Context, Hono } from 'hono';
import type { JsonObject } from '../../jobs/json.js';
import type { GuardedCall } from '../calls.js';
import type { SandboxEnv } from '../core.js';
import { finishInRealTime } from '../job-waits.js';
import type { SandboxJob } from '../jobs.js';
import { acceptJob } from './accept-job.js';
import { announcementOf } from './announce.js';
import { ApiError, uncoded } from './api-error.js';
import { baseOf } from './base.js';
import { resultBody } from './job-result.js';
import type { AnyOperation } from './operation.js';
import * as operations from './operations/index.js';
import { readRequest } from './read-request.js';
import type { PulseEndpoint } from './switches.js';
import type { Vendor } from './vendor.js';

type Call = Context<SandboxEnv>;

const ACK_STATUS: Record<PulseEndpoint, 200 | 202> = {
  extract: 200,
  split: 202,
  schema: 202,
  tables: 202,
  pipeline: 202,
};

/** Each endpoint answers when its job is done, or at once when `async` is set. `/extract_async` is the older way. */
export function addSubmitRoutes(app: Hono<SandboxEnv>, vendor: Vendor, call: GuardedCall): void {
  for (const operation of Object.values(operations)) {
    app.post(operation.path, ...call('submit', operation.operation), (c) => submitted(c, vendor, operation, false));
  }
  const { extract } = operations;
  app.post('/extract_async', ...call('submit', extract.operation), (c) => submitted(c, vendor, extract, true));
}

async function submitted(c: Call, vendor: Vendor, operation: AnyOperation, legacy: boolean): Promise<Response> {
  const { switches } = vendor;
  if (operation.feature !== null && !switches.features.includes(operation.feature)) {
    throw uncoded(403, 'This feature is not enabled for your organization', { flag: operation.feature });
  }
  const request = await readRequest(c, operation.takesForms, switches.fileBytes);
  const job = await acceptJob(vendor, operation, request);
  c.set('jobId', job.id);
  await vendor.core.webhooks.follow(job, announcementOf(job, switches));
  const asynchronous = legacy || request.fields.async === true || request.fields.async === 'true';
  return asynchronous ? acknowledge(c, vendor, operation, job) : answer(c, vendor, job);
}

function acknowledge(c: Call, { switches }: Vendor, { endpoint }: AnyOperation, job: SandboxJob): Response {
  const { ackStatus, tablesAckField, extraFields } = switches;
  const ack = {
    [endpoint === 'tables' ? tablesAckField : 'job_id']: job.id,
    status: 'pending',
    message: 'Job queued for processing',
    ...(extraFields && { queuedAt: new Date(job.acceptedAt).toISOString(), worker_pool: 'sandbox' }),
  };
  return c.json(ack, ackStatus[endpoint] ?? ACK_STATUS[endpoint]);
}

/** @throws ApiError when the job does not complete in time, or at all */
async function answer(c: Call, vendor: Vendor, job: SandboxJob): Promise<Response> {
  const { core, switches, contents } = vendor;
  const end = await finishInRealTime(core, job, switches.syncLimitMs);
  if (end === null) throw uncoded(504, 'The request took too long');
  if (end.error) throw new ApiError(end.error, undefined);
  const body = resultBody(await contents.get(job.id)!.result(), job.id, baseOf(c));
  const extra: JsonObject = switches.extraFields ? { job_id: job.id, metadata: {} } : {};
  return c.json({ ...body, ...extra });
}
