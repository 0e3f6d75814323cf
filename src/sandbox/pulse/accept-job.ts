import type { z } from 'zod';
import type { JobError } from '../job-life.js';
import type { Prepared, SandboxJob } from '../jobs.js';
import { once } from '../once.js';
import { ApiError, coded } from './api-error.js';
import { makeResult } from './job-result.js';
import type { AnyOperation } from './operation.js';
import type { PulseRequest } from './read-request.js';
import type { Vendor } from './vendor.js';

/**
 * Checks a submit and accepts its job. The document is read in the background, but for what can be refused at once.
 * @throws ApiError when the submit is refused; then there is no job
 */
export async function acceptJob(vendor: Vendor, operation: AnyOperation, request: PulseRequest): Promise<SandboxJob> {
  const { core, switches, contents } = vendor;
  const checked = operation.check(request);
  if ('error' in checked) throw refusal(checked.error);
  const plan = checked.plan(vendor, await core.clock.now());
  const work = once(() => plan.work());
  if (plan.refuseAtOnce) {
    // A document that can't be read fails its job; a range that it does not have is a wrong request.
    await work().catch((error: unknown) => {
      if (error instanceof ApiError && error.failure.name === 'REQ_006') throw error;
    });
  }
  const job = await core.jobs.accept({
    provider: 'pulse',
    operation: operation.operation,
    config: request.fields,
    metadata: null,
    retentionMs: switches.retentionMs,
    prepare: async (): Promise<Prepared> => {
      try {
        const { pages, totalPages, credits } = await work();
        return { pages, totalPages, credits, failure: null };
      } catch (error) {
        return { pages: 0, totalPages: 0, credits: 0, failure: failureOf(error) };
      }
    },
  });
  plan.keep(job.id);
  contents.set(job.id, { result: once(() => makeResult(vendor, job, plan.carriesText, work)), spent: false });
  return job;
}

/** What a job fails of when its document can't be read. A fault of the sandbox's own shows as the vendor's. */
function failureOf(error: unknown): JobError {
  if (error instanceof ApiError) return error.failure;
  return { code: 500, name: '', message: 'The sandbox could not read the document.' };
}

/** The vendor has one code for what is missing, one for what is wrong, and some for certain fields. */
function refusal({ issues }: z.ZodError): ApiError {
  const { path, message } = issues[0]!;
  const parameter = path.map(String).join('.');
  if (path.at(-1) === 'chunk_size') return coded('REQ_005', 'Invalid chunk size (must be between 100 and 10000)');
  if (path.at(-1) === 'pages') return coded('REQ_006', 'Invalid page range');
  return message.endsWith('received undefined')
    ? coded('REQ_004', `Missing required parameter: ${parameter}`, { parameter })
    : coded('REQ_003', `Invalid parameter value: ${parameter}: ${message}`, { parameter });
}
