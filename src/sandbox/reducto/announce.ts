import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';
import type { SandboxJob } from '../jobs.js';
import type { Announcement, EventRoute } from '../webhooks/announcement.js';
import type { ReductoSwitches } from './switches.js';

/**
 * How the vendor tells of a job, where the submit asked for that: `{ status, job_id, metadata }` in both modes, and of Completed and Failed only.
 * @returns null where it did not.
 */
export function announcementOf(job: SandboxJob, { webhookMetadata }: ReductoSwitches): Announcement | null {
  const route = routeIn(job.config);
  if (route === null) return null;
  return {
    route,
    headers: 'svix',
    eventOf: (state) =>
      state === 'Completed' || state === 'Failed'
        ? {
            type: 'async.update',
            body: { status: state, job_id: job.id, ...(webhookMetadata && { metadata: job.metadata }) },
          }
        : null,
  };
}

/** The newer form keeps it in `async`, the older one and edit at the top. */
function routeIn({ async: block, webhook: top }: JsonObject): EventRoute | null {
  const webhook = isJsonObject(block) && isJsonObject(block.webhook) ? block.webhook : top;
  if (!isJsonObject(webhook)) return null;
  const { mode, url, channels } = webhook;
  if (mode === 'direct' && typeof url === 'string') return { mode: 'direct', url };
  return mode === 'svix' ? { mode: 'signed', channels: textsIn(channels) } : null;
}

const textsIn = (value: JsonValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
