import type { JobReceipt } from '../../src/jobs/types.js';
import type { Ended } from './documents.js';
import type { Stage } from './stage.js';

/** What was asked for, beside what the vendors' books and the result store have of it. */
export interface Books {
  documents: number;
  completed: number;
  /** Ended as `DocumentSubmitUnknown`: one POST may be paid, nobody can look, and the failure says so. */
  unknown: number;
  /** Ended with any other failure, or in part only. */
  failed: number;
  /** Without an end, or without a result that stands in the store. */
  lost: number;
  /** Operations of all documents. */
  asked: number;
  accepted: number;
  adopted: number;
  /** Submitted again after a failure of the vendor's, or a repair: paid for, and in the receipts. */
  again: number;
  /** Jobs beyond what was asked for that no receipt accounts for. */
  paidTwice: number;
  leftRunning: number;
  /** Of each failure one line. */
  troubles: string[];
}

export async function readBooks(ends: readonly Ended[], { sandbox, store }: Stage): Promise<Books> {
  const jobs = ends.flatMap(({ receipt }) => receipt?.jobs ?? []);
  const known = new Set(jobs.flatMap(({ jobId }) => jobId ?? []));
  const accepted = sandbox.ledger.accepted();
  const unheardOf = accepted.filter(({ jobId }) => !known.has(jobId)).length;
  const mayBePaid = sum(jobs, ({ unknownSubmits = 0 }) => unknownSubmits);
  const isAgain = ({ resubmit, repair }: JobReceipt): boolean => resubmit || repair === true;
  const kinds = ends.map(kindOf);
  const count = (kind: string): number => kinds.filter((one) => one === kind).length;
  let unstored = 0;
  for (const end of ends.filter((one) => kindOf(one) === 'completed')) {
    if (!(await isStored(end, store))) unstored++;
  }
  return {
    documents: ends.length,
    completed: count('completed'),
    unknown: count('unknown'),
    failed: count('failed'),
    lost: count('lost') + unstored,
    asked: sum(ends, ({ operations }) => operations.length),
    accepted: accepted.length,
    adopted: jobs.filter((job) => job.adopted).length,
    again: jobs.filter(isAgain).length,
    paidTwice: sum(ends, (end) => extraJobs(end, isAgain)) + Math.max(0, unheardOf - mayBePaid),
    leftRunning: accepted.filter(({ endedAt }) => endedAt === null).length,
    troubles: ends.flatMap(troubleOf),
  };
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);

function kindOf({ end }: Ended): 'completed' | 'unknown' | 'failed' | 'lost' {
  if (end.kind === 'hung') return 'lost';
  if (end.kind === 'result' && end.result.status === 'complete') return 'completed';
  const types = end.kind === 'result' ? end.result.failures.map(({ type }) => type) : [];
  if (end.kind === 'failed') return end.failure.type === 'DocumentSubmitUnknown' ? 'unknown' : 'failed';
  return types.length > 0 && types.every((type) => type === 'DocumentSubmitUnknown') ? 'unknown' : 'failed';
}

function troubleOf({ end, vendor }: Ended): string[] {
  if (end.kind === 'hung') return [`${vendor}: no end`];
  if (end.kind === 'failed') return [`${vendor}: ${end.failure.type}: ${end.failure.message}`];
  return end.kind === 'result' ? end.result.failures.map(({ type, message }) => `${vendor}: ${type}: ${message}`) : [];
}

function extraJobs({ operations, receipt }: Ended, isAgain: (job: JobReceipt) => boolean): number {
  const own = (receipt?.jobs ?? []).filter((job) => job.jobId !== null && !isAgain(job));
  return sum([...new Set(own.map(({ operation }) => operation))], (operation) => {
    const wanted = operations.filter((one) => one === operation).length;
    return Math.max(0, own.filter((job) => job.operation === operation).length - wanted);
  });
}

/** Every operation has a job that completed, and what it gave stands in the store. */
async function isStored({ operations, receipt }: Ended, store: Stage['store']): Promise<boolean> {
  for (const operation of operations) {
    const job = receipt?.jobs.find((one) => one.operation === operation && one.outcome === 'completed');
    const facts = job?.stored === undefined ? null : await store.head(job.stored.key);
    if (facts === null || facts.sha256 !== job?.stored?.sha256) return false;
  }
  return true;
}
