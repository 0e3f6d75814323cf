/** Where a job is in its life. Each vendor has its own words for these. */
export type JobState = 'Pending' | 'InProgress' | 'Completing' | 'Completed' | 'Failed' | 'Cancelled';

/** Why a job failed, as vendors say it. */
export interface JobError {
  /** The HTTP status that a synchronous call would have got. */
  code: number;
  name: string;
  message: string;
}

export interface JobEnd {
  state: 'Completed' | 'Failed' | 'Cancelled';
  /** ms since the epoch. */
  at: number;
  error?: JobError;
}

/** All that decides a job's life. */
export interface JobFacts {
  acceptedAt: number;
  /** Null while the document is still being read. */
  durationMs: number | null;
  /** What it will fail of, instead of completing. */
  failure: JobError | null;
  /** Never ends by itself. */
  stuck: boolean;
  /** Reports this word, and does not end, for so long after it was accepted. */
  word: { statusWord: string; forMs: number } | null;
  /** How it ended, when something other than time ended it. */
  ended: JobEnd | null;
}

export interface JobMoment {
  state: JobState;
  /** A word to report instead of the state's own. */
  word: string | null;
  /** 0..1. */
  progress: number;
  endedAt: number | null;
  error: JobError | null;
}

const PENDING_SHARE = 0.1;
const WORKING_SHARE = 0.95;

/** A job's state at a time. There are no timers: whoever asks brings the clock, which may be a simulated one. */
export function jobAt(facts: JobFacts, now: number): JobMoment {
  const { acceptedAt, durationMs, failure, stuck, word, ended } = facts;
  if (ended) {
    return { state: ended.state, word: null, progress: 1, endedAt: ended.at, error: ended.error ?? null };
  }
  const running = { endedAt: null, error: null };
  const elapsed = now - acceptedAt;
  if (word && elapsed < word.forMs) return { ...running, state: 'InProgress', word: word.statusWord, progress: 0 };
  if (durationMs === null) return { ...running, state: 'Pending', word: null, progress: 0 };
  const total = Math.max(durationMs, word?.forMs ?? 0);
  if (elapsed >= total && !stuck) {
    const state = failure ? 'Failed' : 'Completed';
    return { state, word: null, progress: 1, endedAt: acceptedAt + total, error: failure };
  }
  const progress = Math.max(0, Math.min(elapsed / (total || 1), WORKING_SHARE));
  if (progress < PENDING_SHARE) return { ...running, state: 'Pending', word: null, progress };
  const state = progress < WORKING_SHARE || stuck ? 'InProgress' : 'Completing';
  return { ...running, state, word: null, progress };
}
