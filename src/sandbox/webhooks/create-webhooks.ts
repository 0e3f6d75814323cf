import { setMaxListeners } from 'node:events';
import { createHttpClient, DEFAULT_LIMITS } from '../../providers/http/http-client.js';
import { isLoopbackHost } from '../../providers/http/host-range.js';
import type { Clock } from '../clock.js';
import type { FaultEngine } from '../faults.js';
import type { JobState } from '../job-life.js';
import type { Jobs, SandboxJob } from '../jobs.js';
import { pause } from '../pause.js';
import type { Announcement } from './announcement.js';
import { createBatches } from './batches.js';
import { deliver, type LedgerWebhook } from './delivery.js';
import { createEndpoints, type Endpoint, type Endpoints, type NewEndpoint } from './endpoints.js';
import { type EventFaults, NO_EVENT_FAULTS } from './event-faults.js';
import { makeSendings, type Schedules, type Told } from './make-sendings.js';
import { ANSWER_LIMIT_MS, DIRECT_SCHEDULE, SIGNED_SCHEDULE } from './schedule.js';
import { createSendGuard } from './send-guard.js';
import { watchJobs } from './watch-jobs.js';

export interface WebhookSendingOptions {
  /** Hosts beside this machine to which events are sent, such as `worker` in a network of containers. Default none. */
  hosts?: readonly string[];
  /** ms before each attempt, the first included, in place of both vendors' schedules; not divided by the speed. */
  schedule?: readonly number[];
}

/** What a test does in the place of the person at the vendor's portal. */
export interface WebhookControls {
  /** @throws Error of one line for what is wrong with it. */
  register(endpoint: NewEndpoint): Endpoint;
  /** @returns false for an unknown one. */
  remove(endpointId: string): boolean;
  endpoints(): Endpoint[];
  /** Sends the event of a state that the job need not be in, once more or before its time. Resolves after the first attempts. @throws Error for an unknown job */
  send(jobId: string, state?: JobState): Promise<void>;
  deliveries(): LedgerWebhook[];
}

/** The part that the sandbox itself uses. */
export interface Webhooks extends WebhookControls {
  /** From now on the job's events are sent. To be awaited before the submit is answered: an event may come early. */
  follow(job: SandboxJob, announcement: Announcement): Promise<void>;
  close(): Promise<void>;
}

interface Surroundings {
  clock: Clock;
  jobs: Jobs;
  faults: FaultEngine;
  closing: AbortSignal;
  /** What the sandbox listens on. */
  host: string;
  speed: number;
  options: WebhookSendingOptions;
}

export function createWebhooks({ clock, jobs, faults, closing, host, speed, options }: Surroundings): Webhooks {
  // Every message that waits for its next attempt listens.
  setMaxListeners(0, closing);
  const guard = createSendGuard(isLoopbackHost(host), options.hosts ?? []);
  const endpoints: Endpoints = createEndpoints(guard);
  const limits = { ...DEFAULT_LIMITS, headersMs: ANSWER_LIMIT_MS, fetchMs: ANSWER_LIMIT_MS, maxBodyBytes: 65_536 };
  const http = createHttpClient({ ...limits, connections: 256 }, guard);
  const scaled = (schedule: readonly number[]): readonly number[] =>
    options.schedule ?? schedule.map((waitMs) => waitMs / speed);
  const schedules: Schedules = { signed: scaled(SIGNED_SCHEDULE), direct: scaled(DIRECT_SCHEDULE) };
  const watch = watchJobs(jobs, clock, closing);
  const batches = createBatches();
  const book: LedgerWebhook[] = [];
  const announcements = new Map<SandboxJob['id'], Announcement>();

  /** Resolves after the first attempt of each message; retries go on. */
  async function tell(told: Told): Promise<void> {
    const sendings = makeSendings(told, endpoints, schedules);
    book.push(...sendings.map(({ entry }) => entry));
    if (told.faults.lost) return;
    const first = (sending: (typeof sendings)[number]): Promise<void> =>
      new Promise((resolve) => void deliver(sending, http, closing, resolve).finally(resolve));
    await Promise.all(sendings.map(first));
  }

  async function tellEnd(
    job: SandboxJob,
    state: JobState,
    announcement: Announcement,
    fate: EventFaults,
  ): Promise<void> {
    const event = announcement.eventOf(state);
    if (event === null) return;
    const send = (): Promise<void> => tell({ job, announcement, event, faults: fate });
    await pause(fate.lateMs, closing);
    if (fate.batch === null) await send();
    else batches.add(fate.batch, send);
  }

  return {
    async follow(job, announcement) {
      const { route } = announcement;
      if (route.mode === 'signed' && endpoints.of(job.provider, route.channels).length === 0) return;
      announcements.set(job.id, announcement);
      const fate = faults.forEvent(job.provider, job.operation);
      const news = announcement.eventOf('Pending');
      if (news !== null) void tell({ job, announcement, event: news, faults: NO_EVENT_FAULTS });
      if (!fate.early) {
        watch.add(job, (state) => void tellEnd(job, state, announcement, fate));
        return;
      }
      const { state } = await jobs.endNow(job);
      await tellEnd(job, state, announcement, fate);
    },
    register: (endpoint) => endpoints.add(endpoint),
    remove: (id) => endpoints.remove(id),
    endpoints: () => endpoints.all(),
    async send(jobId, state) {
      const [job, announcement] = [jobs.get(jobId), announcements.get(jobId)];
      if (job === undefined || announcement === undefined)
        throw new Error(`the sandbox tells nobody of a job ${jobId}`);
      const event = announcement.eventOf(state ?? jobs.at(job, await clock.now()).state);
      if (event !== null) await tell({ job, announcement, event, faults: NO_EVENT_FAULTS });
    },
    deliveries: () => book.map((entry) => ({ ...entry, attempts: [...entry.attempts] })),
    async close() {
      batches.close();
      await http.close();
    },
  };
}
