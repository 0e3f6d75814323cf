import { isJsonObject, type JsonValue } from '../../jobs/json.js';
import type { JobStatus } from '../../jobs/types.js';
import type { WebhookFormat } from '../webhook-format.js';
import { STATUSES } from './statuses.js';

/** Events that say nothing of a status word of the vendor's. */
const NEWS: Readonly<Record<string, JobStatus>> = { created: 'queued' };

/**
 * No sample of a body is published. The vendor's cookbook reads `job_id`, else `data.job_id`, and older pages name the events `job.completed`
 * and so on. All webhooks are signed; nothing that a submit sent is repeated in them.
 */
export const pulseWebhooks: WebhookFormat = {
  name: 'pulse',
  direct: false,
  read(body) {
    const data = isJsonObject(body.data) ? body.data : {};
    const jobId = body.job_id ?? data.job_id;
    if (jobId === undefined) return null;
    const status = statusIn([body.type, body.event, body.event_type, body.status, data.status]);
    return { jobId, ...(status === undefined ? {} : { status }) };
  },
};

function statusIn(places: readonly (JsonValue | undefined)[]): JobStatus | undefined {
  for (const place of places) {
    if (typeof place !== 'string') continue;
    const word = place.toLowerCase().replace(/^job\./, '');
    for (const words of [STATUSES, NEWS]) if (Object.hasOwn(words, word)) return words[word];
  }
  return undefined;
}
