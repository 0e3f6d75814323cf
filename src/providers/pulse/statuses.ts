import { defined } from '../../jobs/defined.js';
import type { JobSnapshot, JobStatus } from '../../jobs/types.js';
import { redact } from '../redact.js';
import { statusOf } from '../status-of.js';
import { isoTime, vendorTime } from '../vendor-time.js';
import type { Job } from './schemas.js';

/** Both spellings of cancelled are seen, and `expired` only in the newest reference. */
export const STATUSES: Readonly<Record<string, JobStatus>> = {
  pending: 'queued',
  processing: 'running',
  completed: 'completed',
  failed: 'failed',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  expired: 'expired',
};

/** A failed job's reason is a plain text, sometimes with a code in front: `FILE_003: the file is corrupted`. */
const CODED = /^\s*([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\s*[:\-–]\s*(\S[\s\S]*)$/;
/** Words of a condition that may pass. The vendor publishes no list of codes for it. */
const PASSING =
  /\b(timed? ?out|timeout|unavailable|overloaded|try again|temporar(?:y|ily)|internal(?: server)? error)\b/i;
const PASSING_CODE = /^(GENERAL|PROC)_/;
/** The file is of the wrong kind, too large, damaged, empty or locked; 005 is a download that failed, which may pass. */
const DOCUMENT_CODE = /^FILE_(?!005)/;
/** What a step works on is named by these two; how a failed job says that it is not there is not documented. */
const INPUT_GONE = /\b(extraction|split)\b.*\b(not found|no longer|does not exist)\b/i;

/** What one job body says. */
export function snapshotOf(job: Job): JobSnapshot {
  const { status: word, error } = job;
  const status = statusOf(STATUSES, word);
  const snapshot: JobSnapshot = { status, vendorStatus: redact(word), progress: null, ...timesOf(job, status) };
  if (status !== 'failed') return snapshot;
  const { code, words } = reasonOf(error);
  const transient = PASSING.test(words) && (code === null || PASSING_CODE.test(code));
  const reason = redact(words) || 'the vendor gave no reason';
  const inputGone = INPUT_GONE.test(words) ? { inputGone: true as const } : {};
  const atFault = code !== null && DOCUMENT_CODE.test(code) ? { documentAtFault: true as const } : {};
  return {
    ...snapshot,
    error: { code: code === null ? null : redact(code), reason, transient, ...inputGone, ...atFault },
  };
}

/** A job that has ended is not updated any more. */
function timesOf(job: Job, status: JobStatus): Pick<JobSnapshot, 'createdAt' | 'completedAt'> {
  const isOver = status !== 'queued' && status !== 'running';
  const endedAt = isOver ? (vendorTime(job.completed_at) ?? vendorTime(job.updated_at)) : null;
  return defined({ createdAt: isoTime(vendorTime(job.created_at)), completedAt: isoTime(endedAt) });
}

function reasonOf(error: Job['error']): { code: string | null; words: string } {
  if (typeof error === 'object' && error !== null) {
    return { code: error.code ?? null, words: error.message ?? '' };
  }
  const [, code = null, words = error ?? ''] = CODED.exec(error ?? '') ?? [];
  return { code, words };
}
