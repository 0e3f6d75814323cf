import type { JsonObject } from '../../jobs/json.js';
import type { JobState } from '../job-life.js';

/** The two families of header names that senders of this scheme use. */
export type HeaderFamily = 'svix' | 'webhook';

/** Where a job's events go. */
export type EventRoute =
  /** To the endpoints that were registered for the vendor; with channels, to those that subscribe to one of them or to all. */
  | { mode: 'signed'; channels: readonly string[] }
  /** To the URL that the submit named, without a signature. */
  | { mode: 'direct'; url: string };

/** How a vendor tells of one job. */
export interface Announcement {
  route: EventRoute;
  /** Of an endpoint that was not told otherwise. */
  headers: HeaderFamily;
  /** What is told when the job is in a state; null for nothing. */
  eventOf(state: JobState): { type: string; body: JsonObject } | null;
}
