import { type Context, asyncLocalStorage } from '@temporalio/activity';
import type { Clock } from '../../src/activities/clock.js';
import type { Heart } from '../../src/activities/heart.js';

/** What an activity needs around it, without Temporal: thousands of cases share one, and time passes in sleeps only. */
export interface BareActivity {
  clock: Clock;
  /** One that never fails to beat. */
  heart: Heart;
  context: Context;
  /** ms since `restart`. */
  elapsed: () => number;
  pass: (ms: number) => void;
  /** Begins the next case. */
  restart: (info?: object) => void;
  /** Runs what asks for the current activity. */
  run: <R>(work: () => R) => R;
}

/** ms since the epoch at the start of each case. */
export const STARTED_AT = Date.parse('2026-11-24T10:00:00Z');

export function bareActivity(): BareActivity {
  let elapsed = 0;
  const pass = (ms: number): void => void (elapsed += ms);
  const sleep = async (ms: number): Promise<void> => pass(ms);
  const info = { attempt: 1, activityId: '1', heartbeatTimeoutMs: 30_000, scheduledTimestampMs: STARTED_AT };
  const instrument = () => ({ record: () => undefined, add: () => undefined, set: () => undefined });
  const metricMeter = { createHistogram: instrument, createCounter: instrument, createGauge: instrument };
  const { signal: cancellationSignal } = new AbortController();
  const fields = { info, cancellationSignal, heartbeat: () => undefined, metricMeter };
  const context = fields as unknown as Context;
  return {
    clock: { now: async () => STARTED_AT + elapsed, elapsed: async () => elapsed, sleep },
    heart: { beat: () => undefined, rest: sleep, isAliveFor: () => true, stop: () => undefined },
    context,
    elapsed: () => elapsed,
    pass,
    restart(more = {}) {
      elapsed = 0;
      fields.info = { ...info, ...more };
    },
    run: (work) => asyncLocalStorage.run(context, work),
  };
}
