import { type Admission, type Budget, BUDGETS } from './governor.js';
import type { RateControl } from './rate-control.js';
import { createWaitingLine, type Waiter } from './waiting-line.js';

/** Time and chance as a governor sees them. */
export interface Pace {
  /** ms from 0 on a scale that does not go back, and on which time passes while activities sleep. */
  now: () => number | Promise<number>;
  /** @throws when aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 ≤ random() < 1. */
  random: () => number;
}

export interface TurnsOptions {
  pace: Pace;
  /** All calls together. */
  all: RateControl;
  own: Readonly<Record<Budget, RateControl>>;
  /** Whether the vendor may be called at all. */
  mayGo: (budget: Budget, urgent: boolean, now: number) => boolean;
  /** How long that will not be so, ms. */
  outageMs: (budget: Budget, urgent: boolean, now: number) => number;
  /** A turn is given. */
  go: (budget: Budget, now: number) => void;
}

/** Who comes next. */
export interface Turns {
  /** See `Governor.admit`. */
  take(budget: Budget, admission: Admission, now: number): Promise<number | null>;
  /** Something has changed: whoever may go now goes. */
  wake(): void;
  /** The vendor is gone: those who do not want to wait for it leave. */
  outage(now: number): void;
}

interface Turn extends Waiter {
  budget: Budget;
  leavesAtOutage: boolean;
  /** @param waitMs null: its turn has come. */
  end(waitMs: number | null): void;
}

/** A timer comes late rather than early, and calls that may go out a moment later go out together. */
const LEAST_SLEEP_MS = 1;
const MAX_SLEEP_MS = 30_000;
const SPREAD_MS = 5_000;

/** One waiting line a budget. The lines come in turn, so that none of them takes all that the account may do. One timer serves all. */
export function createTurns({ pace, all, own, mayGo, go, outageMs }: TurnsOptions): Turns {
  const lines = Object.fromEntries(BUDGETS.map((budget) => [budget, createWaitingLine<Turn>()])) as Record<
    Budget,
    ReturnType<typeof createWaitingLine<Turn>>
  >;
  const faint = new Set<Turn>();
  let first = 0;
  let running = false;
  let sleeping: { until: number; ended: AbortController } | null = null;

  const waiting = (): number => BUDGETS.reduce((sum, budget) => sum + lines[budget].size, 0);
  /** Who was sent away comes back later than it had to wait, and not together with all others who were. */
  const spread = (ms: number): number =>
    Math.ceil(Math.max(ms, LEAST_SLEEP_MS) + pace.random() * Math.min(ms, SPREAD_MS));

  function expectedMs(budget: Budget, urgent: boolean, now: number): number {
    const inFront = lines[budget].ahead(urgent) + 1;
    return Math.max(
      outageMs(budget, urgent, now),
      own[budget].delay(now, inFront),
      // The lines come in turn: at most one of each other line goes before one of this.
      all.delay(now, Math.min(waiting() + 1, inFront * linesInUse(budget))),
    );
  }

  const linesInUse = (budget: Budget): number => BUDGETS.filter((one) => one === budget || lines[one].size > 0).length;

  const isFree = (budget: Budget, urgent: boolean, now: number): boolean =>
    mayGo(budget, urgent, now) && own[budget].delay(now) === 0 && all.delay(now) === 0;

  function giveTurns(now: number): void {
    for (let idle = 0; idle < BUDGETS.length; first = (first + 1) % BUDGETS.length) {
      const budget = BUDGETS[first] as Budget;
      if (lines[budget].size === 0 || !isFree(budget, lines[budget].hasUrgent, now)) {
        idle += 1;
        continue;
      }
      idle = 0;
      go(budget, now);
      lines[budget].shift()?.end(null);
    }
  }

  function sendAway(now: number): void {
    for (const budget of BUDGETS) {
      for (const turn of lines[budget].leavers(now)) turn.end(spread(expectedMs(budget, turn.urgent, now)));
    }
  }

  function nextEvent(now: number): number {
    let next = now + MAX_SLEEP_MS;
    for (const budget of BUDGETS) {
      const line = lines[budget];
      if (line.size === 0) continue;
      const free = now + Math.max(outageMs(budget, line.hasUrgent, now), own[budget].delay(now), all.delay(now));
      next = Math.min(next, free, line.nextLeave());
    }
    return next;
  }

  async function serve(): Promise<void> {
    if (running) return;
    running = true;
    try {
      while (waiting() > 0) {
        const now = await pace.now();
        giveTurns(now);
        sendAway(now);
        if (waiting() === 0) return;
        const until = nextEvent(now);
        const ended = new AbortController();
        sleeping = { until, ended };
        await pace.sleep(Math.max(LEAST_SLEEP_MS, Math.ceil(until - now)), ended.signal).catch(() => undefined);
        sleeping = null;
      }
    } finally {
      running = false;
    }
  }

  function wake(): void {
    sleeping?.ended.abort();
  }

  function join(budget: Budget, admission: Admission, now: number): Promise<number | null> {
    const { signal, urgent = false, patienceMs = Infinity, atOutage = 'wait' } = admission;
    const { promise, resolve, reject } = withResolvers<number | null>();
    const turn: Turn = {
      budget,
      urgent,
      until: now + patienceMs,
      gone: false,
      leavesAtOutage: atOutage === 'leave',
      end(waitMs) {
        signal.removeEventListener('abort', abort);
        faint.delete(turn);
        resolve(waitMs);
      },
    };
    const abort = (): void => {
      lines[budget].leave(turn);
      faint.delete(turn);
      reject(signal.reason);
      // A timer for nobody would keep a process that ends.
      if (waiting() === 0) wake();
    };
    signal.addEventListener('abort', abort, { once: true });
    lines[budget].push(turn);
    if (turn.leavesAtOutage) faint.add(turn);
    if (sleeping === null) void serve();
    else if (nextEvent(now) < sleeping.until) wake();
    return promise;
  }

  return {
    async take(budget, admission, now) {
      const { urgent = false, patienceMs = Infinity, atOutage = 'wait', signal } = admission;
      if (lines[budget].ahead(urgent) === 0 && isFree(budget, urgent, now)) {
        go(budget, now);
        return null;
      }
      const wait = expectedMs(budget, urgent, now);
      const isOutage = atOutage === 'leave' && outageMs(budget, urgent, now) > 0;
      if (isOutage || wait > patienceMs) return spread(wait);
      signal.throwIfAborted();
      return join(budget, admission, now);
    },
    wake,
    outage(now) {
      for (const turn of [...faint]) {
        lines[turn.budget].leave(turn);
        turn.end(spread(outageMs(turn.budget, turn.urgent, now)));
      }
    },
  };
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
