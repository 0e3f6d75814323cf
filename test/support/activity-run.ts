import { MockActivityEnvironment } from '@temporalio/testing';
import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { MetricMeter } from '@temporalio/common';
import type { CancelReason } from '@temporalio/worker/lib/activity.js';
import { DefaultLogger } from '@temporalio/worker';
import { createDocumentActivities } from '../../src/activities/index.js';
import type { DocumentActivitiesOptions } from '../../src/activities/index.js';
import { findDocumentFailure, type DocumentFailure } from '../../src/jobs/failures.js';
import type { DocumentActivities } from '../../src/jobs/activities.js';
import type { Provider } from '../../src/providers/provider.js';
import { memoryStore, type ResultStore } from '../../src/results/index.js';

/** The real activities over one provider, with time that passes only in their own sleeps. */
export interface ActivityRun {
  activities: DocumentActivities;
  store: ResultStore;
  /** Simulated ms since the start. */
  elapsed: () => number;
  /** The same, as ms since the epoch. */
  now: () => number;
  /** Runs one activity attempt; `beats` collects what it heartbeats. */
  run: <R>(work: () => Promise<R>, info?: Partial<Info>) => Promise<R>;
  beats: unknown[];
  /** Simulated ms since the start of each of `beats`. */
  beatTimes: number[];
  /** Called after each sleep. */
  onSleep: (listener: () => void) => void;
  /** What the activities measured, in order. */
  metrics: { name: string; value: number; tags: object }[];
  /** Cancels the attempt that is running. */
  cancelAttempt: (reason: CancelReason) => void;
}

/** Failing activities are what most of these tests are about. */
const QUIET = new DefaultLogger('ERROR');
const START = Date.parse('2026-11-24T10:00:00Z');

export function activityRun(
  provider: Provider,
  options: Partial<DocumentActivitiesOptions> = {},
  client?: Client,
): ActivityRun {
  let elapsedMs = 0;
  let current: MockActivityEnvironment | undefined;
  let listener: () => void = () => undefined;
  const now = (): number => START + elapsedMs;
  const store = options.results ?? memoryStore();
  const beats: unknown[] = [];
  const beatTimes: number[] = [];
  const metrics: ActivityRun['metrics'] = [];
  const instrument = (name: string) => {
    const note = (value: number, tags: object): void => void metrics.push({ name, value, tags });
    return { name, record: note, add: note, set: note };
  };
  const meter = {
    createHistogram: instrument,
    createCounter: instrument,
    createGauge: instrument,
  } as unknown as MetricMeter;
  const activities = createDocumentActivities({
    accounts: { [provider.name]: provider },
    results: store,
    now,
    sleep: async (ms) => {
      elapsedMs += ms;
      listener();
    },
    ...options,
  });
  return {
    activities,
    store,
    beats,
    beatTimes,
    metrics,
    elapsed: () => elapsedMs,
    now,
    onSleep: (given) => (listener = given),
    cancelAttempt: (reason) => current?.cancel(reason),
    async run(work, info = {}) {
      current = new MockActivityEnvironment(
        { heartbeatTimeoutMs: 30_000, startToCloseTimeoutMs: 90_000, scheduledTimestampMs: START, ...info },
        { logger: QUIET, metricMeter: meter, ...(client && { client }) },
      );
      current.on('heartbeat', (details: unknown) => {
        beats.push(structuredClone(details));
        beatTimes.push(elapsedMs);
      });
      return current.run(work);
    },
  };
}

/** The document failure that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<DocumentFailure> {
  const error = await promise.then(
    () => new Error('expected a failure'),
    (reason: unknown) => reason,
  );
  const failure = findDocumentFailure(error);
  if (failure === undefined) throw error;
  return failure;
}
