/** Values counted in bins: flat memory, however many there are. */
export interface Histogram {
  /** @param ms below zero, or no number: not counted. */
  add(ms: number): void;
  count(): number;
  /** Within 3 % of the value. @param share 0 to 1. @returns ms, null of nothing. */
  quantile(share: number): number | null;
  /** From the first bin with values to the last, none left out between. */
  bins(): HistogramBin[];
}

export interface HistogramBin {
  /** ms; the bin's values are not below it … */
  from: number;
  /** … and below this. */
  to: number;
  count: number;
}

const STEP = 1.05;
/** 0, then 1, 2, 5, 10, … ms to about four months. */
const EDGES = [0, ...Array.from({ length: 11 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat()];

export function createHistogram(): Histogram {
  const fine = new Map<number, number>();
  const coarse = new Map<number, number>();
  let total = 0;
  return {
    add(ms) {
      if (!(ms >= 0) || !Number.isFinite(ms)) return;
      total += 1;
      raise(fine, ms < 1 ? -1 : Math.floor(Math.log(ms) / Math.log(STEP)));
      raise(
        coarse,
        EDGES.findLastIndex((edge) => ms >= edge),
      );
    },
    count: () => total,
    quantile(share) {
      let left = Math.max(1, Math.ceil(total * share));
      for (const [at, count] of [...fine].sort(([a], [b]) => a - b)) {
        left -= count;
        if (left <= 0) return at === -1 ? 0 : Math.round(STEP ** (at + 0.5));
      }
      return null;
    },
    bins() {
      const used = [...coarse.keys()];
      if (used.length === 0) return [];
      const [first, last] = [Math.min(...used), Math.max(...used)];
      return EDGES.slice(first, last + 1).map((from, at) => ({
        from,
        to: EDGES[first + at + 1] ?? Infinity,
        count: coarse.get(first + at) ?? 0,
      }));
    },
  };
}

export function raise<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
