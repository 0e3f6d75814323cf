/** Spreads the single reads of an account evenly over time, in the order in which they become due. */
export interface ReadSlots {
  /**
   * When a read that is due now is to be made, on the same scale.
   * @param pace of it: how many windows wait, after how long each of them reads again by itself, and reads a second that are allowed.
   */
  take(now: number, pace: { waits: number; gapMs: number; readsPerSecond: number }): number;
}

/** Of what is allowed; cancels and looks for lost submits read too. */
const SHARE = 0.9;
/** So few are no flood, whenever they come. */
const FEW = 20;
/** Reads that bunch, such as those of windows that open together after a restart, come at most so much faster than they would when spread. */
const FASTER = 2;

export function createReadSlots(): ReadSlots {
  let nextAt = -Infinity;
  return {
    take(now, { waits, gapMs, readsPerSecond }) {
      const evenly = waits <= FEW ? 0 : gapMs / waits / FASTER;
      const slot = Math.max(now, nextAt);
      nextAt = slot + Math.max(evenly, 1_000 / (readsPerSecond * SHARE));
      return slot;
    },
  };
}
