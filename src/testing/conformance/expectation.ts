import type { FailureType } from '../../jobs/failures.js';
import type { JobReceipt, Operation, Outcome } from '../../jobs/types.js';
import type { VendorJob } from './scripted-vendor.js';

export type CaseEnd = 'completed' | 'cancelled' | FailureType;

/** How a case has to end. What is not named here is held to the rules that hold for every case: see {@link problemsOf}. */
export interface Expectation {
  /** Any of these. */
  ends: readonly CaseEnd[];
  /** Jobs that the vendor accepted for the operation. */
  jobs: number;
  /** Of the receipt's last line. */
  outcome?: Outcome;
  adopted?: boolean;
  resubmits?: number;
  /** POSTs whose fate nobody can look up. Default 0. */
  unknownSubmits?: number;
  /** Submits that arrive, where more or less than one for a job. */
  submits?: number;
  /** The vendor refuses the submit for good: it can have made nothing, and the receipt need not show it. */
  refused?: boolean;
  /** At most so many calls in all. */
  maxRequests?: number;
  bodyReads?: number;
  /** The vendor is made to let the job run on. */
  leavesRunning?: boolean;
  /** The finished body must be in the store although the workflow did not complete. */
  keepsBody?: boolean;
}

/** What a case came to. */
export interface Observation {
  /** A failure type, or in words what else it was. */
  end: string;
  /** Why, where it failed. */
  reason?: string;
  operation: Operation;
  /** Of the operation. */
  accepted: VendorJob[];
  submits: number;
  requests: number;
  bodyReads: number | null;
  /** Of the operation. */
  receipts: JobReceipt[];
  /** What is wrong with the values and the stored bodies, in words. */
  findings: string[];
}

/** Everything in which an observation is not what was expected, in words; empty when all is well. */
export function problemsOf(expected: Expectation, observed: Observation): string[] {
  const { accepted, receipts, submits } = observed;
  const problems: string[] = [];
  const check = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  const last = receipts.at(-1);
  const resubmits = receipts.filter((one) => one.resubmit).length;
  const unknown = sum(receipts.map((one) => one.unknownSubmits ?? 0));
  const posted = sum(receipts.map((one) => one.submits));
  const named = new Set(receipts.map((one) => one.jobId));
  const unnamed = accepted.filter((job) => !named.has(job.jobId));
  const running = accepted.filter((job) => job.state === 'running' && named.has(job.jobId));

  check((expected.ends as string[]).includes(observed.end), `ended as ${observed.end}${because(observed.reason)}`);
  check(accepted.length === expected.jobs, `${jobs(accepted.length)} accepted`);
  if (expected.outcome !== undefined) {
    check(last?.outcome === expected.outcome, `the receipt says ${last?.outcome ?? 'nothing'}`);
  }
  if (expected.adopted !== undefined) {
    check((last?.adopted ?? false) === expected.adopted, expected.adopted ? 'not adopted' : 'adopted');
  }
  check(resubmits === (expected.resubmits ?? 0), `${resubmits} resubmits in the receipt`);
  check(unknown === (expected.unknownSubmits ?? 0), `${unknown} unknown submits in the receipt`);
  if (expected.submits !== undefined) check(submits === expected.submits, `${submits} submits arrived`);
  if (expected.bodyReads !== undefined && observed.bodyReads !== null) {
    check(observed.bodyReads === expected.bodyReads, `its body was fetched ${observed.bodyReads} times`);
  }
  if (expected.maxRequests !== undefined) {
    check(observed.requests <= expected.maxRequests, `${observed.requests} requests`);
  }
  // The golden rule: nothing was asked of the vendor that the receipt does not show.
  check(expected.refused === true || submits === posted, `${submits} submits arrived, the receipt shows ${posted}`);
  check(unnamed.length <= unknown, `${jobs(unnamed.length)} accepted that the receipt does not know`);
  check(expected.leavesRunning === true || running.length === 0, `${jobs(running.length)} left running at the vendor`);
  return [...problems, ...observed.findings];
}

/** `completed, 1 job, adopted`. */
export function expectationText(expected: Expectation): string {
  const { ends, outcome, resubmits, unknownSubmits, maxRequests, bodyReads } = expected;
  return [
    ends.join(' or '),
    jobs(expected.jobs),
    outcome !== undefined && outcome !== 'completed' && `receipt: ${outcome}`,
    expected.adopted && 'adopted',
    resubmits && `${resubmits} resubmit`,
    unknownSubmits && `${unknownSubmits} unknown submit`,
    maxRequests && `≤ ${maxRequests} requests`,
    bodyReads !== undefined && `body read ${bodyReads === 1 ? 'once' : `${bodyReads} times`}`,
  ]
    .filter(Boolean)
    .join(', ');
}

export function observationText({ end, accepted, receipts }: Observation): string {
  // An attached job is adopted too, which is nothing to tell.
  const adopted = receipts.some((one) => one.adopted && one.submits > 0);
  return [end, jobs(accepted.length), adopted && 'adopted'].filter(Boolean).join(', ');
}

const jobs = (count: number): string => (count === 1 ? '1 job' : `${count} jobs`);
const because = (reason: string | undefined): string => (reason === undefined ? '' : ` (${reason})`);
const sum = (figures: number[]): number => figures.reduce((total, figure) => total + figure, 0);
