import type { JobState } from '../job-life.js';
import type { SandboxJob } from '../jobs.js';
import type { Announcement } from '../webhooks/announcement.js';
import type { PulseSwitches } from './switches.js';

/** Names of events, from an older page of the vendor's: cancelled has two l there. What runs is told of once, when it begins. */
const EVENTS: Partial<Record<JobState, string>> = {
  Pending: 'created',
  Completed: 'completed',
  Failed: 'failed',
  Cancelled: 'cancelled',
};

/** How the vendor tells of a job: of all of the organisation's, to the endpoints in its portal. */
export function announcementOf(job: SandboxJob, { webhookBody }: PulseSwitches): Announcement {
  return {
    route: { mode: 'signed', channels: [] },
    headers: 'webhook',
    eventOf(state) {
      const word = EVENTS[state];
      if (word === undefined) return null;
      const type = `job.${word}`;
      const facts = { job_id: job.id, status: word };
      return { type, body: webhookBody === 'data' ? { type, data: facts } : { type, ...facts } };
    },
  };
}
