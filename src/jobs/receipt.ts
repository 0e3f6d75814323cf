import type { JobReceipt, Receipt } from './types.js';

type Known = 'operation' | 'jobId' | 'outcome' | 'submits' | 'submittedAt';

/** The receipt of one job that ends now; what nobody told is null. */
export function jobReceipt(
  { unknownSubmits = 0, ...facts }: Pick<JobReceipt, Known> & Partial<JobReceipt>,
  endedAtMs: number,
): JobReceipt {
  return {
    adopted: false,
    resubmit: false,
    reads: 0,
    pages: null,
    credits: null,
    vendorStatus: null,
    endedAt: new Date(endedAtMs).toISOString(),
    ...facts,
    ...(unknownSubmits === 0 ? {} : { unknownSubmits }),
  };
}

/** Sums the receipts of jobs; a figure that no vendor told is null instead of 0. */
export function sumReceipt(jobs: JobReceipt[]): Receipt {
  return {
    jobs,
    pages: sumKnown(jobs.map((job) => job.pages)),
    credits: sumKnown(jobs.map((job) => job.credits)),
    submits: jobs.reduce((sum, job) => sum + job.submits, 0),
    reads: jobs.reduce((sum, job) => sum + job.reads, 0),
  };
}

function sumKnown(figures: (number | null)[]): number | null {
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : known.reduce((sum, figure) => sum + figure, 0);
}
