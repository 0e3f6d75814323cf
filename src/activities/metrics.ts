import type { Context } from '@temporalio/activity';
import type { AccountRef } from '../jobs/activities.js';
import type { JobRef, Outcome, Usage } from '../jobs/types.js';

/** Metrics, through the meter that the worker's `Runtime` was given. Names are public; tags never hold ids. */
const UNCOPIED_AGE = 'document_jobs_uncopied_age';
const WEBHOOKS = 'document_jobs_webhooks';
const WEBHOOK_AGE = 'document_jobs_webhook_age';
const VENDOR_CALLS = 'document_jobs_vendor_calls';
const RATE_LIMITED = 'document_jobs_rate_limited';
const ADMISSION_WAIT = 'document_jobs_admission_wait';
const BREAKER_OPEN = 'document_jobs_breaker_open';
const WAIT_LAG = 'document_jobs_wait_lag';
const READS = 'document_jobs_reads';
const DURATION_ERROR = 'document_jobs_duration_error';
const ENDED = 'document_jobs_ended';
const ORPHANS = 'document_jobs_orphans';
const VENDOR_TIME = 'document_jobs_vendor_time';
const CREDITS = 'document_jobs_credits';
const PAGES = 'document_jobs_pages';

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

/** How long a job had ended when a read showed it, where the vendor tells when that was: by its clock and this worker's. */
export function recordWaitLag(
  { metricMeter }: Context,
  { provider, operation }: JobRef,
  completedAt: string | undefined,
  now: number,
): void {
  if (completedAt === undefined) return;
  metricMeter
    .createHistogram(WAIT_LAG, 'int', 'ms', 'Time from the end of a job until it was seen')
    .record(Math.max(0, now - Date.parse(completedAt)), { provider, operation });
}

/** A request that asks what becomes of jobs: of one (`single`), or of all that stand on a page of the vendor's list (`sweep_page`). */
export function recordRead(
  { metricMeter }: Context,
  { provider, account }: JobRef,
  kind: 'single' | 'sweep_page',
): void {
  metricMeter.createCounter(READS, 'requests', 'Status requests to vendors').add(1, { provider, account, kind });
}

/** By how much a job took longer or shorter than was expected. */
export function recordDurationError({ metricMeter }: Context, { provider, operation }: JobRef, errorMs: number): void {
  metricMeter
    .createHistogram(DURATION_ERROR, 'int', 'ms', 'Absolute error of expected durations')
    .record(Math.round(errorMs), { provider, operation });
}

/** One call to a vendor, by what it is counted under and what it came to; those that were answered by 429 once more, for alerts. */
export function recordVendorCall(
  { metricMeter }: Context,
  { provider, account }: AccountRef,
  budget: string,
  outcome: string,
): void {
  const tags = { provider, account, budget };
  metricMeter.createCounter(VENDOR_CALLS, 'calls', 'Calls to vendors').add(1, { ...tags, outcome });
  if (outcome !== 'limited') return;
  metricMeter.createCounter(RATE_LIMITED, 'calls', 'Calls that a vendor answered by 429').add(1, tags);
}

/** For how long a call waited for its turn; calls that went at once are not in it. */
export function recordAdmissionWait(
  { metricMeter }: Context,
  { provider, account }: AccountRef,
  budget: string,
  waitedMs: number,
): void {
  metricMeter
    .createHistogram(ADMISSION_WAIT, 'int', 'ms', 'Time that calls waited for their turn')
    .record(Math.round(waitedMs), { provider, account, budget });
}

/** 1 while a vendor does not answer and calls are held back, 0 after. */
export function recordBreaker({ metricMeter }: Context, { provider, account }: AccountRef, isOpen: boolean): void {
  metricMeter
    .createGauge(BREAKER_OPEN, 'int', '', 'Whether calls are held back because the vendor does not answer')
    .set(isOpen ? 1 : 0, { provider, account });
}

/**
 * A job has ended, as an activity tells it to its workflow: `outcome` as in the receipt, but `result_failed` for one that is done and paid and
 * whose result could not be had. And what it cost, where the vendor says so.
 */
export function recordEnd(context: Context, job: JobRef, outcome: Outcome | 'result_failed', usage: Usage): void {
  const tags = tagsOf(job);
  context.metricMeter.createCounter(ENDED, 'jobs', 'Jobs that ended, by outcome').add(1, { ...tags, outcome });
  recordUsage(context, job, usage);
}

/** A job that ran although no living workflow waited for it, and what became of it when the reaper cancelled it. */
export function recordOrphan(context: Context, job: JobRef, outcome: Outcome, usage: Usage): void {
  const orphans = context.metricMeter.createCounter(ORPHANS, 'jobs', 'Jobs that the reaper cancelled, by outcome');
  orphans.add(1, { ...tagsOf(job), outcome });
  recordUsage(context, job, usage);
}

/** How long a job took at the vendor: by the vendor's own times where it tells them, else until it was seen. */
export function recordVendorTime({ metricMeter }: Context, { provider, operation }: JobRef, tookMs: number): void {
  metricMeter
    .createHistogram(VENDOR_TIME, 'int', 'ms', 'Time that jobs took at the vendor')
    .record(Math.round(tookMs), { provider, operation });
}

/** Credits are fractions of one, which counters do not take: the histogram's sum is what was billed. */
function recordUsage({ metricMeter }: Context, job: JobRef, { credits, pages }: Usage): void {
  const tags = tagsOf(job);
  if (credits !== null)
    metricMeter.createHistogram(CREDITS, 'float', 'credits', 'Credits that jobs were billed').record(credits, tags);
  if (pages !== null) metricMeter.createCounter(PAGES, 'pages', 'Pages of jobs that ended').add(pages, tags);
}

const tagsOf = ({ provider, account, operation }: JobRef) => ({ provider, account, operation });
