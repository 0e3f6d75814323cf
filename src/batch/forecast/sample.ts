/**
 * So many of a stream of unknown length, each with the same chance, in memory of that size: Vitter's reservoir. The chances come from a fixed seed, so
 * that the same list gives the same sample and two forecasts of it agree.
 */
export function reservoir<T>(size: number, seed = 1): { add(item: T): void; items(): readonly T[]; seen(): number } {
  const kept: T[] = [];
  let state = seed >>> 0;
  let count = 0;
  /** Mulberry32: 0 ≤ chance < 1. */
  const chance = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    add(item) {
      count += 1;
      if (kept.length < size) kept.push(item);
      else {
        const at = Math.floor(chance() * count);
        if (at < size) kept[at] = item;
      }
    },
    items: () => kept,
    seen: () => count,
  };
}
