import type { BatchStatus } from '../../jobs/batch.js';

/** How fast a batch goes. */
export interface Pace {
  /** Documents that ended, per minute, over the last minute; null before that can be told. */
  perMinute: number | null;
  /** Until the last one has ended, ms; null when nothing tells. */
  etaMs: number | null;
}

const OVER_MS = 60_000;
/** A rate over less would be noise. */
const LEAST_MS = 3_000;

export const endedOf = ({ ended }: BatchStatus): number => Object.values(ended).reduce((sum, count) => sum + count, 0);

/** Ended documents of which somebody should know. */
export const notDone = (status: BatchStatus): number => endedOf(status) - status.ended.done;

/** Follows the counts of one batch. */
export function createPace(): (status: BatchStatus, now: number) => Pace {
  let samples: { at: number; ended: number }[] = [];
  return (status, now) => {
    const ended = endedOf(status);
    // One from before the last minute is kept: a look each 10 s would else see 50 s only.
    const old = samples.findLastIndex(({ at }) => at <= now - OVER_MS);
    samples = [...samples.slice(Math.max(0, old)), { at: now, ended }];
    const [first] = samples;
    if (first === undefined || now - first.at < LEAST_MS) return { perMinute: null, etaMs: null };
    const perMinute = ((ended - first.ended) * 60_000) / (now - first.at);
    const left = status.documents === null ? null : status.documents - ended;
    const goesOn = status.stage === 'running' || status.stage === 'cancelling';
    return { perMinute, etaMs: left === null || perMinute <= 0 || !goesOn ? null : (left / perMinute) * 60_000 };
  };
}
