import type { Context } from '@temporalio/activity';
import type { JobRef } from '../jobs/types.js';

/** Metrics, through the meter that the worker's `Runtime` was given. Names are public; tags never hold ids. */
const UNCOPIED_AGE = 'document_jobs_uncopied_age';

/**
 * For how long a finished result has been waiting to be copied, each time that a read finds it so: once in calm times, with a few seconds;
 * again and growing while a store or a worker is in trouble. The vendor deletes it when its retention is over.
 */
export function recordUncopiedAge(
  { metricMeter }: Context,
  { provider, operation }: JobRef,
  completedAt: string | undefined,
  now: number,
): void {
  if (completedAt === undefined) return;
  const ageMs = Math.max(0, now - Date.parse(completedAt));
  metricMeter
    .createHistogram(UNCOPIED_AGE, 'int', 'ms', 'Age of finished results that are not copied yet')
    .record(ageMs, { provider, operation });
}
