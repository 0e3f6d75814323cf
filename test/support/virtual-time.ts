import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/activities/clock.js';

/** Time that passes when everybody sleeps, so that many may sleep at once. */
export interface VirtualTime {
  clock: Clock;
  /** ms since the start. */
  elapsed: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Lets time pass until `work` has ended. */
  run: <T>(work: Promise<T>) => Promise<T>;
  /** Who sleeps now. */
  sleepers: () => number;
}

interface Sleeper {
  at: number;
  /** Null when it has been woken. */
  wake: (() => void) | null;
}

/** Turns of the event loop in which whoever was woken comes to its next sleep. */
const TURNS = 3;
export const EPOCH = Date.parse('2026-11-24T10:00:00Z');

export function virtualTime(): VirtualTime {
  let elapsedMs = 0;
  let asleep = 0;
  /** Of whole ms, ascending. */
  const times: number[] = [];
  const byTime = new Map<number, Sleeper[]>();
  const lie = (sleeper: Sleeper): void => {
    const same = byTime.get(sleeper.at);
    if (same !== undefined) return void same.push(sleeper);
    byTime.set(sleeper.at, [sleeper]);
    times.splice(lowerBound(times, sleeper.at), 0, sleeper.at);
  };
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const end = (settle: () => void): void => {
        sleeper.wake = null;
        asleep -= 1;
        signal?.removeEventListener('abort', abort);
        settle();
      };
      const abort = (): void => end(() => reject(signal?.reason as Error));
      const sleeper: Sleeper = { at: Math.ceil(elapsedMs + Math.max(ms, 0)), wake: () => end(resolve) };
      signal?.addEventListener('abort', abort, { once: true });
      asleep += 1;
      lie(sleeper);
    });
  return {
    clock: { now: async () => EPOCH + elapsedMs, elapsed: async () => elapsedMs, sleep },
    elapsed: () => elapsedMs,
    sleep,
    sleepers: () => asleep,
    async run(work) {
      let isOver = false;
      const over = (): void => void (isOver = true);
      work.then(over, over);
      while (!isOver) {
        for (let count = 0; count < TURNS; count++) await turn();
        const at = isOver ? undefined : times.shift();
        if (at === undefined) continue;
        const woken = byTime.get(at)?.filter(({ wake }) => wake !== null) ?? [];
        byTime.delete(at);
        // What was given up is no time to wait for.
        if (woken.length > 0) elapsedMs = at;
        for (const { wake } of woken) wake?.();
      }
      return work;
    },
  };
}

function lowerBound(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
