import type { JobReceipt, Receipt } from './types.js';

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
