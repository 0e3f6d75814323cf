import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../jobs/json.js';
import type { SandboxJob } from '../jobs.js';
import type { Announcement, HeaderFamily } from './announcement.js';
import type { LedgerWebhook, Sending } from './delivery.js';
import type { Endpoints } from './endpoints.js';
import type { EventFaults } from './event-faults.js';
import { newEventId, newSecret, signedHeaders } from './sign-event.js';
import { parseUrl } from '../../jobs/parse-url.js';

/** What is told, and how wrongly. */
export interface Told {
  job: SandboxJob;
  announcement: Announcement;
  event: NonNullable<ReturnType<Announcement['eventOf']>>;
  faults: EventFaults;
}

export interface Schedules {
  /** ms before each attempt. */
  signed: readonly number[];
  direct: readonly number[];
}

/** As old as no receiver takes it, s. */
const OLD_S = 600;
const ONCE: readonly number[] = [0];

/** The messages that tell of an event: one for each place and copy. */
export function makeSendings(
  { job, announcement, event, faults }: Told,
  endpoints: Endpoints,
  schedules: Schedules,
): Sending[] {
  const { route } = announcement;
  const eventId = route.mode === 'signed' ? newEventId() : null;
  const entryTo = (url: string): LedgerWebhook => ({
    provider: job.provider,
    jobId: job.id,
    eventId,
    event: event.type,
    mode: route.mode,
    to: parseUrl(url)?.origin ?? '',
    attempts: [],
    state: faults.lost ? 'lost' : 'waiting',
  });
  const copies = (make: () => Sending): Sending[] => Array.from({ length: faults.copies }, make);
  const limited = (schedule: readonly number[]): readonly number[] => (faults.forged ? ONCE : schedule);
  const body = JSON.stringify(event.body);

  if (route.mode === 'direct') {
    // Nothing but its path tells who sends it.
    const url = faults.forged || faults.wrongSecret ? otherToken(route.url) : route.url;
    const sent = faults.forged ? forged(event.body) : body;
    return copies(() => ({
      entry: entryTo(url),
      url,
      message: () => ({ headers: {}, body: sent }),
      schedule: limited(schedules.direct),
    }));
  }

  return endpoints.of(job.provider, route.channels).flatMap(({ url, secrets, headers }) => {
    const families: readonly HeaderFamily[] = headers ?? [announcement.headers];
    const keys = faults.wrongSecret ? secrets.map(newSecret) : secrets;
    const message = (): ReturnType<Sending['message']> => {
      // By the machine's clock, though jobs may live by another: so does the receiver.
      const timestamp = Math.floor(Date.now() / 1_000) - (faults.oldTimestamp ? OLD_S : 0);
      const signed = signedHeaders(keys, families, { id: eventId ?? '', timestamp, body });
      return { headers: signed, body: faults.forged ? forged(event.body) : body };
    };
    return copies(() => ({ entry: entryTo(url), url, message, schedule: limited(schedules.signed) }));
  });
}

/** Another job's end under this one's signature. */
function forged(body: JsonObject): string {
  return JSON.stringify(body, (key, value: unknown) => (key === 'job_id' ? randomUUID() : value));
}

/** The URL with the last character of its path made another. */
function otherToken(text: string): string {
  const url = parseUrl(text);
  if (url === null) return text;
  url.pathname = `${url.pathname.slice(0, -1)}${url.pathname.endsWith('x') ? 'y' : 'x'}`;
  return url.href;
}
