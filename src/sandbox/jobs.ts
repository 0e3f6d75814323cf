import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '../jobs/json.js';
import type { Operation } from '../jobs/types.js';
import type { Clock } from './clock.js';
import type { Durations } from './durations.js';
import type { JobFaults } from './faults.js';
import { jobAt, type JobEnd, type JobError, type JobMoment } from './job-life.js';

/** What reading the document told. */
export interface Prepared {
  /** Pages worked on; decides duration and bill. */
  pages: number;
  /** Pages of the source. */
  totalPages: number;
  /** Billed when the job completes. */
  credits: number;
  /** What the job will fail of. */
  failure: JobError | null;
}

export interface NewJob {
  provider: string;
  operation: Operation;
  /** The request body. */
  config: JsonObject;
  /** What the caller attached to find the job again. */
  metadata: JsonValue;
  /** How long it is kept after its end, ms; null = for ever. */
  retentionMs: number | null;
  /** Reads the document. Must not reject: what is wrong with it is `failure`. */
  prepare(): Promise<Prepared>;
}

export interface SandboxJob extends NewJob {
  id: string;
  /** 1 for the first accepted, and so on. */
  ordinal: number;
  acceptedAt: number;
  faults: JobFaults;
  /** Settles when {@link SandboxJob.ready} is set. */
  prepared: Promise<void>;
  ready: (Prepared & { durationMs: number }) | null;
  ended: JobEnd | null;
  deletedAt: number | null;
}

/** Why a job can no longer be read. */
export type Gone = 'vanished' | 'expired' | 'deleted';

export interface Jobs {
  accept(job: NewJob): Promise<SandboxJob>;
  /** @param provider whose job it must be; default anyone's */
  get(id: string, provider?: string): SandboxJob | undefined;
  /** In the order of acceptance. */
  all(): SandboxJob[];
  at(job: SandboxJob, now: number): JobMoment;
  gone(job: SandboxJob, now: number): Gone | null;
  /** Ends the job now, as time would have ended it: completed, or failed when it has a reason to fail. */
  endNow(job: SandboxJob): Promise<JobEnd>;
}

interface Surroundings {
  clock: Clock;
  durations: Durations;
  random: () => number;
  faultsOf: (provider: string, operation: Operation) => JobFaults;
}

export function createJobs({ clock, durations, random, faultsOf }: Surroundings): Jobs {
  const jobs = new Map<string, SandboxJob>();

  const at = ({ acceptedAt, ready, faults, ended }: SandboxJob, now: number): JobMoment =>
    jobAt(
      {
        acceptedAt,
        durationMs: ready?.durationMs ?? null,
        failure: faults.failed ?? ready?.failure ?? null,
        stuck: faults.stuck,
        word: faults.word,
        ended,
      },
      now,
    );

  return {
    at,
    get(id, provider) {
      const job = jobs.get(id);
      return provider === undefined || job?.provider === provider ? job : undefined;
    },
    all: () => [...jobs.values()],
    async accept(request) {
      const acceptedAt = await clock.now();
      const durationOf = durations.plan(request.operation, random());
      const job: SandboxJob = {
        ...request,
        id: randomUUID(),
        ordinal: jobs.size + 1,
        acceptedAt,
        faults: faultsOf(request.provider, request.operation),
        prepared: Promise.resolve(),
        ready: null,
        ended: null,
        deletedAt: null,
      };
      job.prepared = request.prepare().then((prepared) => {
        job.ready = { ...prepared, durationMs: durationOf(prepared.pages) };
      });
      jobs.set(job.id, job);
      return job;
    },
    async endNow(job) {
      await job.prepared;
      const error = job.faults.failed ?? job.ready?.failure ?? null;
      const end: JobEnd = { state: error ? 'Failed' : 'Completed', at: await clock.now(), ...(error && { error }) };
      job.ended = end;
      return end;
    },
    gone(job, now) {
      if (job.faults.vanished) return 'vanished';
      if (job.deletedAt !== null) return 'deleted';
      const { endedAt } = at(job, now);
      return endedAt !== null && job.retentionMs !== null && now >= endedAt + job.retentionMs ? 'expired' : null;
    },
  };
}
