/**
 * Whether cursors of an earlier sweep may be used again. Nobody has documented how long they live, nor whether the pages behind them change: so
 * they are tried, and given up for a while when they are refused or when what is behind them stands still. Times in ms on one scale.
 */
export interface CursorTrust {
  mayUse(now: number): boolean;
  /** It is time to look at the list from its top again. */
  isTopDue(now: number): boolean;
  /** A sweep has come to its end. @param ended how many jobs it was the first to show as ended. */
  swept(fromTop: boolean, ended: number, now: number): void;
  refused(now: number): void;
}

const TOP_EVERY_MS = 30_000;
const DISTRUST_MS = 10 * 60_000;
/** Jobs that end steadily would have shown in so many sweeps, if … */
const SWEEPS_TO_TELL = 3;
/** … so many are seen at once from the top. */
const ENDED_TO_TELL = 5;

export function createCursorTrust(): CursorTrust {
  let distrustedUntil = -Infinity;
  let topAt = -Infinity;
  let since = { sweeps: 0, ended: 0 };
  return {
    mayUse: (now) => now >= distrustedUntil,
    isTopDue: (now) => now - topAt >= TOP_EVERY_MS,
    swept(fromTop, ended, now) {
      if (!fromTop) {
        since = { sweeps: since.sweeps + 1, ended: since.ended + ended };
        return;
      }
      const standsStill = since.sweeps >= SWEEPS_TO_TELL && since.ended === 0 && ended >= ENDED_TO_TELL;
      if (standsStill) distrustedUntil = now + DISTRUST_MS;
      topAt = now;
      since = { sweeps: 0, ended: 0 };
    },
    refused: (now) => (distrustedUntil = now + DISTRUST_MS),
  };
}
