import type { JsonObject, JsonValue } from '../../jobs/json.js';
import type { SandboxJob } from '../jobs.js';
import type { AnswerContext } from './operation.js';
import type { Vendor } from './vendor.js';

/**
 * The result body of a completed job. Its presigned URLs are fresh at each call.
 * @param origin under which the caller reached the sandbox, so that it reaches the URLs too
 */
export async function resultBody(vendor: Vendor, job: SandboxJob, origin: string, now: number): Promise<JsonObject> {
  const content = vendor.contents.get(job.id)!;
  content.computed ??= content.plan.compute(await content.view());
  return content.computed(answerContext(vendor, job, origin, now));
}

function answerContext({ core, switches }: Vendor, job: SandboxJob, origin: string, now: number): AnswerContext {
  const { storage, jobs } = core;
  const link: AnswerContext['link'] = (name, bytes, contentType) => {
    const key = `results/${job.id}/${name}`;
    storage.put(key, { bytes, contentType });
    return origin + storage.sign('GET', key, now, switches.urlLifetimeMs);
  };
  const { endedAt } = jobs.at(job, now);
  return {
    jobId: job.id,
    duration: ((endedAt ?? now) - job.acceptedAt) / 1000,
    credits: job.ready?.credits ?? 0,
    switches,
    link,
    inlineOrUrl(value, force) {
      const bytes = Buffer.from(JSON.stringify(value));
      if (!force && bytes.length <= switches.urlResultBytes) return value;
      return {
        type: 'url',
        url: link('result.json', bytes, 'application/json'),
        result_id: job.id,
      } satisfies JsonValue;
    },
  };
}
