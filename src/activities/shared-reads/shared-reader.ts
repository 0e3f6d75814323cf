import type { Provider } from '../../providers/provider.js';
import type { Clock } from '../clock.js';
import { LEAST_GAP_MS } from '../poll-gap.js';
import { createListSweeper } from './list-sweeper.js';
import { createReadSlots } from './read-slots.js';
import type { Pause, Turns } from './turns.js';
import { createWait, type Due, nextOf, type OpenWindow, type Wait } from './wait.js';

/** What an account may do on this worker, calls a second; Infinity where nothing limits it. */
export interface ReadRates {
  read: number;
  list: number;
}

/** A window as it opens. */
export interface Joining extends OpenWindow {
  /** Its first look does not wait for a sweep: it is to be made as soon as it may. */
  atOnce: boolean;
  provider: Provider;
  rates: () => ReadRates;
}

/** All windows of one account in this process. */
export interface SharedReader {
  join(joining: Joining): Promise<Turns>;
  /** Windows that are open. */
  readonly size: number;
}

/** The windows' sleeps are their own; one loop sweeps the list for all of them while that pays. It ends with the last window. */
export function createSharedReader(clock: Clock, outside: <R>(work: () => R) => R): SharedReader {
  const waits = new Map<string, Set<Wait>>();
  let size = 0;
  const slots = createReadSlots();
  const sweeper = createListSweeper(clock, waits);

  const join = async ({ provider, rates, atOnce, ...window }: Joining): Promise<Turns> => {
    const wait = createWait(window, await clock.elapsed(), await clock.now());
    const { context, job } = window;
    const { cancellationSignal: signal } = context;
    signal.throwIfAborted();
    const same = waits.get(job.jobId) ?? new Set();
    waits.set(job.jobId, same.add(wait));
    size += 1;
    outside(() => sweeper.joined({ wait, size, provider, rates }));

    const look = (): true => {
      // Once the list has said so, the job itself is asked until it does, too.
      if (wait.endedAt !== null) wait.alone = true;
      wait.looks += 1;
      return true;
    };
    const next = async (pause: Pause): Promise<boolean> => {
      let now = await clock.elapsed();
      const isFirst = wait.looks === 0 && !wait.alone;
      const due: Due = { dueAt: now + pause.gapMs, restUntil: now + pause.peaceMs, closeAt: now + pause.leftMs };
      if (wait.alone) wait.endedAt = null;
      const isUrgent = isFirst && atOnce;
      for (let slotAt: number | null = null; ; now = await clock.elapsed()) {
        signal.throwIfAborted();
        const step = isUrgent ? ({ kind: 'look' } as const) : nextOf(wait, due, sweeper.sweeps, now);
        if (step.kind === 'close') return false;
        if (step.kind === 'sleep') {
          await sleep(clock, wait, step.until - now, signal);
          continue;
        }
        // What is known to have ended waits for nobody but the vendor.
        const gapMs = wait.endedAt === null ? Math.max(pause.gapMs, LEAST_GAP_MS) : LEAST_GAP_MS;
        const pace = { waits: size, gapMs, readsPerSecond: rates().read };
        slotAt ??= slots.take(now, pace);
        if (slotAt <= now) break;
        // A window that knows something need not outlast its time for one more read.
        if (slotAt > due.closeAt && (wait.looks > 0 || wait.listedAt !== null)) {
          if (due.closeAt <= now) return false;
          await sleep(clock, wait, due.closeAt - now, signal);
        } else await sleep(clock, wait, slotAt - now, signal);
      }
      return look();
    };
    return {
      next,
      get endedAt() {
        return wait.endedAt;
      },
      leave() {
        if (!same.delete(wait)) return;
        if (same.size === 0) waits.delete(job.jobId);
        size -= 1;
        if (size === 0) sweeper.stop();
      },
    };
  };
  return {
    join,
    get size() {
      return size;
    },
  };
}

/** Ends early when the list has news. @throws the signal's reason, at once. */
async function sleep(clock: Clock, wait: Wait, ms: number, signal: AbortSignal): Promise<void> {
  const alarm = new AbortController();
  const ring = (): void => alarm.abort();
  wait.wake = ring;
  signal.addEventListener('abort', ring, { once: true });
  try {
    await clock.sleep(ms, alarm.signal);
  } catch (error) {
    if (!alarm.signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', ring);
    wait.wake = () => undefined;
  }
  signal.throwIfAborted();
}
