import { setTimeout as delay } from 'node:timers/promises';
import type { Pace } from './governor/turns.js';

/** Time as the activities see it. Tests tie it to a server's simulated time. */
export interface Clock {
  /** ms since the epoch, for what is reported and for comparing with Temporal's timestamps. */
  now(): Promise<number>;
  /** ms on a scale that never jumps: only differences mean something. */
  elapsed(): Promise<number>;
  /** Waits. @throws the signal's reason, unchanged, as soon as it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface ClockOptions {
  now?: () => number | Promise<number>;
  sleep?: (ms: number) => Promise<void>;
}

/** With a `sleep` of the caller's, real time stands still while it sleeps, so that time that passed is read off `now` too. */
export function createClock({ now = Date.now, sleep }: ClockOptions): Clock {
  return {
    now: async () => now(),
    elapsed: async () => (sleep === undefined ? performance.now() : now()),
    async sleep(ms, signal) {
      signal.throwIfAborted();
      if (sleep === undefined) await delay(ms, undefined, { signal }).catch(() => undefined);
      else await untilAborted(sleep(ms), signal);
      signal.throwIfAborted();
    },
  };
}

/** Time for the governors: real, unless a test moves it on. What a test's server can't tell for the moment has not changed. */
export function createPace(options: ClockOptions): Pace {
  const clock = createClock(options);
  let last = 0;
  const told = async (): Promise<number> => (last = Math.max(last, await clock.now().catch(() => last)));
  const isReal = options.now === undefined && options.sleep === undefined;
  return {
    now: isReal ? () => performance.now() : told,
    sleep: (ms, signal) => clock.sleep(ms, signal),
    random: Math.random,
  };
}

/** Ends with `work` or with the abort, whichever comes first. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let abort: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    abort = resolve;
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
