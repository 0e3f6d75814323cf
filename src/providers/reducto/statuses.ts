import type { JobSnapshot, JobStatus } from '../../jobs/types.js';
import { redact } from '../redact.js';
import { statusOf } from '../status-of.js';
import { isTransient } from './error-names.js';
import type { Job } from './schemas.js';

/** The vendor's words. Its schema is narrower than its wire, so any other word means that the job still runs. */
export const STATUSES: Readonly<Record<string, JobStatus>> = {
  pending: 'queued',
  idle: 'queued',
  inprogress: 'running',
  completing: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  canceled: 'cancelled',
};

/** What one job body says. A cancelled job may also come as Failed with JOB_CANCELLED for its name, or in its reason. */
export function snapshotOf(job: Job): JobSnapshot {
  const word = statusOf(STATUSES, job.status);
  const name = job.error?.name ?? job.error?.type ?? null;
  const isCancelled = name === 'JOB_CANCELLED' || (name === null && /\bJOB_CANCELLED\b/.test(job.reason ?? ''));
  const status = word === 'failed' && isCancelled ? 'cancelled' : word;
  const snapshot: JobSnapshot = { status, vendorStatus: redact(job.status), progress: job.progress ?? null };
  if (status !== 'failed') return snapshot;
  const words = [job.error?.message, job.reason].find((one) => typeof one === 'string' && one.trim() !== '');
  const reason = redact(words ?? 'the vendor gave no reason');
  return { ...snapshot, error: { code: name === null ? null : redact(name), reason, transient: isTransient(name) } };
}
