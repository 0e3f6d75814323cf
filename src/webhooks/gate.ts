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

export function createGate(atOnce: number, inLine: number): Gate {
  let running = 0;
  const line = new Set<() => void>();

  function turn(patienceMs: number): Promise<void> {
    if (running < atOnce) {
      running += 1;
      return Promise.resolve();
    }
    if (line.size >= inLine) return Promise.reject(new GateFullError('the line is full'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        line.delete(enter);
        reject(new GateFullError('the turn did not come'));
      }, patienceMs);
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      line.add(enter);
    });
  }

  function leave(): void {
    const [next] = line;
    if (next === undefined) {
      running -= 1;
      return;
    }
    // The place is handed on, so that nobody slips in between.
    line.delete(next);
    next();
  }

  return {
    async run(work, patienceMs) {
      await turn(patienceMs);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
