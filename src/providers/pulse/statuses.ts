import type { JobSnapshot, JobStatus } from '../../jobs/types.js';
import { redact } from '../redact.js';
import { statusOf } from '../status-of.js';
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

/** What one job body says. */
export function snapshotOf({ status: word, error }: Job): JobSnapshot {
  const status = statusOf(STATUSES, word);
  const snapshot: JobSnapshot = { status, vendorStatus: redact(word), progress: null };
  if (status !== 'failed') return snapshot;
  const { code, words } = reasonOf(error);
  const transient = PASSING.test(words) && (code === null || PASSING_CODE.test(code));
  const reason = redact(words) || 'the vendor gave no reason';
  return { ...snapshot, error: { code: code === null ? null : redact(code), reason, transient } };
}

function reasonOf(error: Job['error']): { code: string | null; words: string } {
  if (typeof error === 'object' && error !== null) {
    return { code: error.code ?? null, words: error.message ?? '' };
  }
  const [, code = null, words = error ?? ''] = CODED.exec(error ?? '') ?? [];
  return { code, words };
}
