import type { JsonValue } from '../jobs/json.js';
import type { Operation } from '../jobs/types.js';
import type { Clock } from './clock.js';
import type { CallKind } from './fault-rules.js';
import type { JobState } from './job-life.js';
import type { Gone, Jobs, SandboxJob } from './jobs.js';
import type { LedgerWebhook } from './webhooks/delivery.js';

/** One accepted job and what it cost. */
export interface LedgerJob {
  jobId: string;
  provider: string;
  operation: Operation;
  /** As of the sandbox clock's last reading. */
  state: JobState;
  /** Set once it can no longer be read; `state` is then what became of it out of sight. */
  gone: Gone | null;
  /** What the caller attached (the marker), null when nothing. */
  metadata: JsonValue;
  /** ms since the epoch. */
  acceptedAt: number;
  endedAt: number | null;
  /** Completed jobs only: the sandbox bills nothing for failed and cancelled ones. */
  billed: { pages: number; credits: number };
}

/** One submit that arrived, whatever became of it. */
export interface LedgerSubmit {
  provider: string;
  operation: Operation;
  /** ms since the epoch. */
  at: number;
  /** HTTP status that was answered; null for a dropped connection. */
  status: number | null;
  /** Null when no job was accepted. */
  jobId: string | null;
}

/** Calls that arrived, answered or not, with the right key or not. */
export interface LedgerCounts {
  submits: number;
  /** Jobs, not calls. */
  accepted: number;
  reads: number;
  lists: number;
  cancels: number;
  deletes: number;
  uploads: number;
  /** PUTs of presigned uploads. */
  puts: number;
  /** Results fetched from a URL. */
  fetches: number;
  /** Calls whose key was refused. */
  refusedKeys: number;
}

export interface LedgerReport {
  counts: LedgerCounts;
  billed: { pages: number; credits: number };
  jobs: LedgerJob[];
  submits: LedgerSubmit[];
  webhooks: LedgerWebhook[];
}

/** The sandbox's books: what was asked, what was accepted, what is owed. There is one key, so one account. */
export interface Ledger {
  /** Accepted jobs, in order, also those of synchronous calls. */
  accepted(operation?: Operation): LedgerJob[];
  jobs(): LedgerJob[];
  submits(operation?: Operation): LedgerSubmit[];
  counts(): LedgerCounts;
  billed(): { pages: number; credits: number };
  /** Events that were sent, or should have been, and what came of each. */
  webhooks(): LedgerWebhook[];
  toJSON(): LedgerReport;
}

/** The part that the sandbox itself uses. */
export interface LedgerBook extends Ledger {
  called(kind: CallKind): void;
  refusedKey(): void;
  submitted(submit: LedgerSubmit): void;
}

const COUNTED = {
  submit: 'submits',
  get: 'reads',
  list: 'lists',
  cancel: 'cancels',
  delete: 'deletes',
  upload: 'uploads',
  put: 'puts',
  fetch: 'fetches',
} as const satisfies Record<CallKind, keyof LedgerCounts>;

export function createLedger(jobs: Jobs, clock: Clock, webhooks: () => LedgerWebhook[]): LedgerBook {
  const submits: LedgerSubmit[] = [];
  const calls: Omit<LedgerCounts, 'accepted'> = {
    submits: 0,
    reads: 0,
    lists: 0,
    cancels: 0,
    deletes: 0,
    uploads: 0,
    puts: 0,
    fetches: 0,
    refusedKeys: 0,
  };

  const ledger: LedgerBook = {
    called: (kind) => void (calls[COUNTED[kind]] += 1),
    refusedKey: () => void (calls.refusedKeys += 1),
    submitted: (submit) => void submits.push(submit),
    jobs() {
      const now = clock.lastSeen();
      return jobs.all().map((job) => toLedgerJob(job, jobs, now));
    },
    accepted: (operation) => ledger.jobs().filter((job) => operation === undefined || job.operation === operation),
    submits: (operation) => submits.filter((submit) => operation === undefined || submit.operation === operation),
    counts: () => ({ ...calls, accepted: jobs.all().length }),
    billed() {
      const bills = ledger.jobs().map((job) => job.billed);
      return {
        pages: bills.reduce((sum, { pages }) => sum + pages, 0),
        credits: bills.reduce((sum, { credits }) => sum + credits, 0),
      };
    },
    webhooks,
    toJSON: () => ({
      counts: ledger.counts(),
      billed: ledger.billed(),
      jobs: ledger.jobs(),
      submits: [...submits],
      webhooks: webhooks(),
    }),
  };
  return ledger;
}

function toLedgerJob(job: SandboxJob, jobs: Jobs, now: number): LedgerJob {
  const { state, endedAt } = jobs.at(job, now);
  const { pages, credits } = (state === 'Completed' && job.ready) || { pages: 0, credits: 0 };
  return {
    jobId: job.id,
    provider: job.provider,
    operation: job.operation,
    state,
    gone: jobs.gone(job, now),
    metadata: job.metadata,
    acceptedAt: job.acceptedAt,
    endedAt,
    billed: { pages, credits },
  };
}
