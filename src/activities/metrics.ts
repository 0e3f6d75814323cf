import type { Context } from '@temporalio/activity';
import type { JobRef } from '../jobs/types.js';

/** Metrics, through the meter that the worker's `Runtime` was given. Names are public; tags never hold ids. */
const UNCOPIED_AGE = 'document_jobs_uncopied_age';
const WEBHOOKS = 'document_jobs_webhooks';
const WEBHOOK_AGE = 'document_jobs_webhook_age';

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

/**
 * What became of a vendor's call: it came before anybody looked (`called`), or the job had ended without it (`missed`). And how long ago the
 * account's last one came, as far as this worker knows.
 */
export function recordWebhook(
  { metricMeter }: Context,
  { provider, account }: JobRef,
  outcome: 'called' | 'missed',
  ageMs: number | null,
): void {
  const tags = { provider, account };
  metricMeter.createCounter(WEBHOOKS, 'calls', 'Looks at jobs whose vendor calls').add(1, { ...tags, outcome });
  if (ageMs === null) return;
  metricMeter.createGauge(WEBHOOK_AGE, 'int', 'ms', 'Time since the last webhook that woke a job').set(ageMs, tags);
}
