import type { Pace } from '../../src/activities/governor/turns.js';

/** Time that goes on only when it is told to. */
export interface VirtualPace extends Pace {
  now: () => number;
  /** Moves on, waking each sleeper at its time. */
  pass(ms: number): Promise<void>;
  /** Timers that run now. */
  readonly sleepers: number;
}

export function virtualPace(): VirtualPace {
  let now = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  /** Everything that follows from what has happened happens. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    random: () => 0.5,
    get sleepers() {
      return sleepers.length;
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const one = { at: now + ms, wake: resolve };
        const leave = (): void => void (sleepers = sleepers.filter((other) => other !== one));
        one.wake = () => (leave(), resolve());
        signal.addEventListener('abort', () => (leave(), reject(new Error('woken'))), { once: true });
        sleepers.push(one);
      });
    },
    async pass(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = sleepers.reduce<{ at: number; wake: () => void } | null>(
          (first, one) => (one.at <= end && (first === null || one.at < first.at) ? one : first),
          null,
        );
        if (next === null) break;
        now = Math.max(now, next.at);
        next.wake();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
