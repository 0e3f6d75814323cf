import type { JsonObject } from '../../jobs/json.js';
import type { SandboxJob } from '../jobs.js';
import { bill } from './billing.js';
import type { Work } from './operation.js';
import type { JobResult, Vendor } from './vendor.js';

/** Makes the result of a completed job; done once, so that its ids and its bill stay. */
export async function makeResult(
  vendor: Vendor,
  job: SandboxJob,
  carriesText: boolean,
  work: () => Promise<Work>,
): Promise<JobResult> {
  const { core, switches } = vendor;
  const { pages, credits, compute } = await work();
  const { endedAt } = core.jobs.at(job, core.clock.lastSeen());
  const latency = ((endedAt ?? job.acceptedAt) - job.acceptedAt) / 1000;
  const body = compute({ jobId: job.id, latency, switches });
  const billing = bill(vendor, credits, pages);
  const bytes = Buffer.byteLength(JSON.stringify({ ...body, ...billing }));
  const large = bytes >= switches.largeBytes || (carriesText && pages >= switches.largePages);
  return { body, billing, large };
}

/**
 * What a synchronous call answers and what `result` of the job is: the body, or where it can be read, once.
 * @param base under which the caller reached this vendor
 */
export function resultBody({ body, billing, large }: JobResult, jobId: string, base: string): JsonObject {
  if (!large) return { ...body, ...billing };
  const { extraction_id, page_count } = body;
  return {
    is_url: true,
    url: `${base}/large_results/${jobId}`,
    ...(extraction_id !== undefined && { extraction_id }),
    ...(page_count !== undefined && { page_count }),
    ...billing,
  };
}
