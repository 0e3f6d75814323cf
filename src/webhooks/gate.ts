/** Lets so many pieces of work run at once; the others wait in line. */
export interface Gate {
  /**
   * Runs the work when its turn comes.
   * @param patienceMs for the turn to come.
   * @throws GateFullError when the line is too long, or the turn does not come in time.
   */
  run<T>(work: () => Promise<T>, patienceMs: number): Promise<T>;
}

export class GateFullError extends Error {
  override readonly name = 'GateFullError';
}

/** Where work is; of interest is only which one. */
type Place = object;

/**
 * @param keptMs how long work counts that does not end. Where a runtime ends work with the request that it was for, without a word to it, a place
 * would be lost for ever.
 */
export function createGate(atOnce: number, inLine: number, keptMs: number): Gate {
  /** Since when; the oldest first. */
  const taken = new Map<Place, number>();
  const line = new Set<(place: Place) => void>();

  function take(): Place {
    const place = {};
    taken.set(place, performance.now());
    return place;
  }

  /** A free place goes to the first in line at once, so that nobody slips in between. */
  function admit(): void {
    const now = performance.now();
    for (const [place, since] of taken) {
      if (now - since < keptMs) break;
      taken.delete(place);
    }
    for (const enter of line) {
      if (taken.size >= atOnce) return;
      line.delete(enter);
      enter(take());
    }
  }

  function turn(patienceMs: number): Promise<Place> {
    admit();
    if (taken.size < atOnce) return Promise.resolve(take());
    if (line.size >= inLine) return Promise.reject(new GateFullError('the line is full'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        line.delete(enter);
        reject(new GateFullError('the turn did not come'));
      }, patienceMs);
      const enter = (place: Place): void => {
        clearTimeout(timer);
        resolve(place);
      };
      line.add(enter);
    });
  }

  return {
    async run(work, patienceMs) {
      const place = await turn(patienceMs);
      try {
        return await work();
      } finally {
        taken.delete(place);
        admit();
      }
    },
  };
}
