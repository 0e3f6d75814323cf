import type { Context } from '@temporalio/activity';
import type { JobRef } from '../../jobs/types.js';
import type { ListedJob } from '../../providers/provider.js';
import { pollGap } from '../poll-gap.js';

/** A window that waits for its job. */
export interface OpenWindow {
  readonly job: JobRef;
  readonly context: Context;
  /** Since the submit, when it joined, ms. */
  readonly elapsedMs: number;
  /** A list shows the job running. @param at on the clock's scale that never jumps. */
  readonly sighted: (job: ListedJob, at: number) => void;
}

/** The same as the account's reader sees it. Times on the clock's scale that never jumps, unless said. */
export interface Wait extends OpenWindow {
  readonly joinedAt: number;
  /** When the job was made, and when at the latest, ms since the epoch: a guess until a list shows it. */
  madeAt: number;
  newestMadeAt: number;
  /** On which page it was last seen, from 0. */
  page: number | null;
  /** When a list last showed it running. */
  listedAt: number | null;
  /** The list showed it ended, and nobody has looked since. */
  endedAt: number | null;
  /** Whole sweeps in a row that did not show it. */
  misses: number;
  /** Sweeps say nothing more to it: the list said that it had ended, and it is read until it says so itself. */
  alone: boolean;
  /** Looks granted so far. */
  looks: number;
  /** Ends its sleep. */
  wake: () => void;
}

/** The clocks of worker and vendor may differ by this much. */
export const SKEW_MS = 60_000;
/** A job that was not shown twice is not looked for any longer while its window is open. */
const MOST_MISSES = 2;

export function createWait(window: OpenWindow, joinedAt: number, now: number): Wait {
  const madeAt = now - window.elapsedMs;
  return {
    ...window,
    joinedAt,
    madeAt,
    newestMadeAt: madeAt + SKEW_MS,
    page: null,
    listedAt: null,
    endedAt: null,
    misses: 0,
    alone: false,
    looks: 0,
    wake: () => undefined,
  };
}

/** Whether sweeps look for it. */
export const isExpected = ({ alone, misses, endedAt }: Wait): boolean =>
  !alone && endedAt === null && misses < MOST_MISSES;

/** Reads a second that it would make by itself. */
export function demandOf({ elapsedMs, joinedAt }: Wait, now: number): number {
  return 1_000 / pollGap({ elapsedMs: elapsedMs + now - joinedAt, troubles: 0, jitter: 0.5 });
}

/** When a window is to look next, by itself. */
export interface Due {
  /** By the pace of single reads. */
  dueAt: number;
  /** Not before this, whatever a list says. */
  restUntil: number;
  /** The window's end. */
  closeAt: number;
}

export interface Sweeps {
  /** Whether there are any now. */
  on: boolean;
  /** For so long a wait believes what the last one said, or that the next one will say something, ms. */
  patienceMs: number;
}

export type Next = { kind: 'look' } | { kind: 'close' } | { kind: 'sleep'; until: number };

/** What a window does now: look, end without a look of its own, or sleep. */
export function nextOf(wait: Wait, { dueAt, restUntil, closeAt }: Due, { on, patienceMs }: Sweeps, now: number): Next {
  const isAnswered = on && !wait.alone && wait.misses === 0;
  const freshUntil = Math.max(wait.listedAt ?? 0, wait.joinedAt) + patienceMs;
  const wanted = isAnswered ? Math.max(dueAt, freshUntil) : dueAt;
  const lookAt = wait.endedAt === null ? Math.max(wanted, restUntil) : restUntil;
  if (lookAt <= closeAt) return now >= lookAt ? { kind: 'look' } : { kind: 'sleep', until: lookAt };
  if (now < closeAt) return { kind: 'sleep', until: closeAt };
  const knowsEnough = isAnswered && wait.listedAt !== null && now < freshUntil;
  return restUntil > closeAt || knowsEnough ? { kind: 'close' } : { kind: 'look' };
}
