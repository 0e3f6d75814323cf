import { defined } from '../../jobs/defined.js';
import type { JobSnapshot, JobStatus } from '../../jobs/types.js';
import { redact } from '../redact.js';
import { statusOf } from '../status-of.js';
import { isoTime, vendorTime } from '../vendor-time.js';
import { isDocumentAtFault, isInputGone, isTransient } from './error-names.js';
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
  const snapshot: JobSnapshot = {
    status,
    vendorStatus: redact(job.status),
    progress: job.progress ?? null,
    ...timesOf(job, status),
  };
  if (status !== 'failed') return snapshot;
  const words = [job.error?.message, job.reason].find((one) => typeof one === 'string' && one.trim() !== '');
  const reason = redact(words ?? 'the vendor gave no reason');
  const code = name === null ? null : redact(name);
  const error = {
    code,
    reason,
    transient: isTransient(name),
    ...(isInputGone(name) ? { inputGone: true as const } : {}),
    ...(isDocumentAtFault(name) ? { documentAtFault: true as const } : {}),
  };
  return { ...snapshot, error };
}

/** The vendor tells when a job began and how long it took. */
function timesOf({ created_at, duration }: Job, status: JobStatus): Pick<JobSnapshot, 'createdAt' | 'completedAt'> {
  const createdAt = vendorTime(created_at);
  const isOver = status !== 'queued' && status !== 'running';
  const tellsEnd = isOver && createdAt !== null && typeof duration === 'number';
  const completedAt = tellsEnd ? createdAt + duration * 1_000 : null;
  return defined({ createdAt: isoTime(createdAt), completedAt: isoTime(completedAt) });
}
