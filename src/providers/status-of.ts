import type { JobStatus } from '../jobs/types.js';

/** The neutral status for a vendor's word, in any case. Vendors' schemas are narrower than their wires: an unknown word means that the job still runs. */
export function statusOf(statuses: Readonly<Record<string, JobStatus>>, word: string): JobStatus {
  const known = word.toLowerCase();
  return (Object.hasOwn(statuses, known) ? statuses[known] : undefined) ?? 'running';
}
