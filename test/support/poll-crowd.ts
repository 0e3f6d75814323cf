import { type Context, asyncLocalStorage } from '@temporalio/activity';
import type { ActivityDeps } from '../../src/activities/activity-deps.js';
import { createExpectedDurations } from '../../src/activities/expected-durations.js';
import { createPoll } from '../../src/activities/poll.js';
import { createSharedReads } from '../../src/activities/shared-reads/shared-reads.js';
import { createWebhookHealth } from '../../src/activities/webhook-health.js';
import type { PollInput, PollOutput } from '../../src/jobs/activities.js';
import { memoryStore } from '../../src/results/memory-store.js';
import { type ListedVendor, listedVendor, type ListedVendorOptions, type VendorJob } from './listed-vendor.js';
import { EPOCH, type VirtualTime, virtualTime } from './virtual-time.js';

/** Many poll windows of one worker at once, in virtual time. */
export interface PollCrowd {
  time: VirtualTime;
  vendor: ListedVendor;
  /** What the windows measured, by metric. */
  metrics: Record<string, { value: number; tags: Record<string, unknown> }[]>;
  /** What each window beat last. */
  beats: Map<string, unknown>;
  /** Opens a window for a job now. */
  poll: (job: VendorJob, over?: Partial<PollInput>, context?: PollContext) => Promise<PollOutput>;
}

export interface PollContext {
  signal?: AbortSignal;
  info?: object;
}

export function pollCrowd(options: ListedVendorOptions & { shared?: boolean } = {}): PollCrowd {
  const time = virtualTime();
  const vendor = listedVendor(time, options);
  const metrics: PollCrowd['metrics'] = {};
  const beats: PollCrowd['beats'] = new Map();
  const instrument = (name: string) => {
    const note = (value: number, tags: Record<string, unknown>): void =>
      void (metrics[name] ??= []).push({ value, tags });
    return { record: note, add: note, set: note };
  };
  const metricMeter = { createHistogram: instrument, createCounter: instrument, createGauge: instrument };
  const rate = (budget: string): number =>
    vendor.provider.quota[budget === 'read' ? 'readsPerSecond' : 'requestsPerSecond'] ?? Infinity;
  const poll = createPoll({
    accounts: { fake: vendor.provider },
    governors: { of: () => ({ rate }) },
    results: memoryStore(),
    clock: time.clock,
    expected: createExpectedDurations(),
    webhooks: createWebhookHealth(),
    sharedReads: createSharedReads({ clock: time.clock, enabled: options.shared !== false }),
  } as unknown as ActivityDeps);
  return {
    time,
    vendor,
    metrics,
    beats,
    poll(job, over = {}, { signal = new AbortController().signal, info = {} } = {}) {
      const context = {
        info: { attempt: 1, activityId: '1', heartbeatTimeoutMs: 3_600_000, scheduledTimestampMs: EPOCH, ...info },
        cancellationSignal: signal,
        heartbeat: (details: unknown) => beats.set(job.id, structuredClone(details)),
        metricMeter,
      } as unknown as Context;
      const input: PollInput = {
        job: { provider: 'fake', account: 'fake', operation: 'parse', jobId: job.id },
        windowMs: 360_000,
        elapsedMs: time.elapsed() - job.madeAt,
        neverSeen: false,
        collect: { results: 'stored', inlineLimit: 1_000 },
        ...over,
      };
      return asyncLocalStorage.run(context, () => poll(input));
    },
  };
}

export interface Traffic {
  jobs: number;
  /** Starts a second. */
  rate: number;
  /** How long each job takes, ms. */
  durationMs: (index: number) => number;
}

/** Jobs that start one after the other, each with a window of its own from some 82 to 90 % of its time on. */
export async function traffic(crowd: PollCrowd, { jobs, rate, durationMs }: Traffic): Promise<TrafficFigures> {
  const { time, vendor } = crowd;
  const lags: number[] = [];
  const one = async (index: number): Promise<void> => {
    await time.sleep((1_000 * index) / rate);
    const tookMs = durationMs(index);
    const job = vendor.add({ id: `job-${index}`, madeAt: time.elapsed(), endsAt: time.elapsed() + tookMs });
    await time.sleep(tookMs * (0.816 + 0.08 * ((index * 0.618) % 1)));
    const end = await crowd.poll(job);
    if (end.state !== 'failed') throw new Error(`${job.id} ended as ${end.state}`);
    lags.push((vendor.reads.get(job.id)?.at(-1) ?? NaN) - job.endsAt);
  };
  await time.run(Promise.all(Array.from({ length: jobs }, (_, index) => one(index))));
  lags.sort((a, b) => a - b);
  const reads = [...vendor.reads.values()].reduce((sum, times) => sum + times.length, 0);
  return {
    requests: (reads + vendor.pages.length) / jobs,
    reads,
    pages: vendor.pages.length,
    p50: lags[Math.floor(0.5 * jobs)] ?? NaN,
    p99: lags[Math.floor(0.99 * jobs)] ?? NaN,
    most: lags.at(-1) ?? NaN,
  };
}

export interface TrafficFigures {
  /** A job. */
  requests: number;
  reads: number;
  pages: number;
  /** From a job's end until it was read, ms. */
  p50: number;
  p99: number;
  most: number;
}
