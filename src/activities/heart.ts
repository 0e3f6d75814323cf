import type { Context } from '@temporalio/activity';
import type { Clock } from './clock.js';

/** Beats often enough to stay alive and no more: each beat that reaches the server is billed. */
export interface Heart {
  /** Sends the details as they are now. */
  beat(): void;
  /** Waits, beating on the way when it is time. @throws the cancellation, unchanged, unless told to wait in spite of one. */
  rest(ms: number, inSpiteOfCancel?: boolean): Promise<void>;
  /**
   * False when this process stood still for so long that Temporal may have given the attempt up, or when `ms` more without a beat
   * would come to that (a limit shorter than `ms` counts on the beats that come meanwhile).
   */
  isAliveFor(ms: number): boolean;
  stop(): void;
}

/** The share of the heartbeat time-out after which the next beat is due: late enough to be cheap, early enough for a busy worker. */
const BEAT_AT = 0.6;
const NEVER = new AbortController().signal;
/** Assumed when the activity has no heartbeat time-out. */
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Keeps an activity alive until `stop`. The first beat is the caller's, or comes when it is due.
 * @param details what the next attempt shall know; asked at each beat.
 */
export function startHeart(context: Context, clock: Clock, details: () => object): Heart {
  // The server reports a time-out that is not set as 0.
  const timeoutMs = context.info.heartbeatTimeoutMs || undefined;
  const limit = timeoutMs ?? Infinity;
  const every = (timeoutMs ?? DEFAULT_TIMEOUT_MS) * BEAT_AT;
  let beats = 0;
  let beatenAt = Date.now();
  let worstGapMs = 0;
  let sleptMs = 0;

  const beat = (): void => {
    context.heartbeat(details());
    beats += 1;
    worstGapMs = Math.max(worstGapMs, Date.now() - beatenAt);
    beatenAt = Date.now();
    sleptMs = 0;
    timer.refresh();
  };
  const timer = setTimeout(beat, every);
  return {
    beat,
    // The timer alone does while real time passes. In a sleep of a test's own none does, so that slept time is counted as well.
    async rest(ms, inSpiteOfCancel = false) {
      const signal = inSpiteOfCancel ? NEVER : context.cancellationSignal;
      for (let left = ms, slice; left > 0; left -= slice) {
        const before = beats;
        slice = Math.min(left, every - sleptMs);
        await clock.sleep(slice, signal);
        if (beats !== before) continue;
        sleptMs += slice;
        if (sleptMs >= every) beat();
      }
    },
    isAliveFor: (ms) => worstGapMs < limit && Date.now() - beatenAt + Math.min(ms, every) <= limit,
    stop: () => clearTimeout(timer),
  };
}
