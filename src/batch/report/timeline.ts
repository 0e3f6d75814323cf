import { raise } from './histogram.js';

export interface TimelineBin {
  /** ms since the epoch. */
  at: number;
  starts: number;
  ends: number;
}

/** Starts and ends over time, in at most {@link MAX_BINS} bins, which grow with the time that is to be shown. */
export interface Timeline {
  started(ms: number): void;
  ended(ms: number): void;
  /** Width of a bin, ms. */
  width(): number;
  /** In order, none left out. */
  bins(): TimelineBin[];
}

const MAX_BINS = 120;
/** Seconds; each goes into the next, so that bins can be put together. */
const WIDTHS = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400, 604_800, 6_048_000].map((seconds) => seconds * 1_000);

export function createTimeline(): Timeline {
  let step = 0;
  let starts = new Map<number, number>();
  let ends = new Map<number, number>();
  const width = (): number => WIDTHS[step] ?? 1_000;
  let [first, last] = [Infinity, -Infinity];

  function note(counts: 'starts' | 'ends', ms: number): void {
    if (!Number.isFinite(ms)) return;
    [first, last] = [Math.min(first, ms), Math.max(last, ms)];
    raise(counts === 'starts' ? starts : ends, Math.floor(ms / width()));
    while (step < WIDTHS.length - 1 && (last - first) / width() > MAX_BINS) widen();
  }

  function widen(): void {
    const factor = (WIDTHS[step + 1] ?? 1) / width();
    step += 1;
    starts = merged(starts, factor);
    ends = merged(ends, factor);
  }

  return {
    started: (ms) => note('starts', ms),
    ended: (ms) => note('ends', ms),
    width,
    bins() {
      if (first === Infinity) return [];
      const from = Math.floor(first / width());
      return Array.from({ length: Math.floor(last / width()) - from + 1 }, (_, at) => ({
        at: (from + at) * width(),
        starts: starts.get(from + at) ?? 0,
        ends: ends.get(from + at) ?? 0,
      }));
    },
  };
}

function merged(counts: Map<number, number>, factor: number): Map<number, number> {
  const wider = new Map<number, number>();
  for (const [at, count] of counts) raise(wider, Math.floor(at / factor), count);
  return wider;
}
