import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { fileStore } from '../../src/index.js';
import type { CollectOptions } from '../../src/jobs/activities.js';
import type { JobRef, ResultRef } from '../../src/jobs/types.js';
import { resultKey } from '../../src/results/index.js';
import type { BenchResult } from '../bench-result.js';
import { bundle, existing } from '../environment.js';
import type { Order, Told } from './messages.js';

const MB = 1024 * 1024;
const LARGE_MB = 200;
const ROUNDS = 5;
const SMALL_BYTES = 20_000;
const SMALL_COUNT = 2_000;
/** Of the small ones, which are measured by turns. */
const TURN = 250;
const AT_ONCE = 40;
/** What must hold. */
const MAX_RSS_MB = 60;
const LEAST_SHARE = 0.6;
const MOST_FOR_SMALL = 1.1;

/** A large parse from the vendor's socket to the store and back, beside a plain copy; and what storing small results costs. */
export async function results(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-results-'));
  const env = await TestWorkflowEnvironment.createLocal({ server: { executable: await existing('cli') } });
  const vendor = startProcess('large-vendor.ts', []);
  const [port] = (await once(vendor, 'message')) as [number];
  const vendorUrl = `http://127.0.0.1:${port}`;
  const worker = startProcess('worker.ts', [
    env.address,
    await bundle('../bench/results/workflows.ts'),
    vendorUrl,
    folder,
  ]);
  await once(worker, 'message');
  const tell = async (order: Order): Promise<Told> => {
    worker.send(order);
    return ((await once(worker, 'message')) as [Told])[0];
  };
  try {
    const { client } = env;
    for (let at = 0; at < 20; at++) await collect(client, jobOf('extract', `1000-${at}`), 'files', 'stored');
    await sleep(2_000);
    const { rss: idle } = await tell({ kind: 'rss' });
    const large = await measureLarge(client, tell, `${vendorUrl}/storage/${LARGE_MB}`);
    const small = await measureSmall(client);
    const left = await readdir(join(folder, 'store', '.tmp')).catch(() => []);
    const above = (bytes: number): number => Math.round((bytes - idle) / MB);
    const rows = [
      { what: `plain copy, ${LARGE_MB} MB`, ms: median(large.plain), 'MB/s': speed(large.plain) },
      {
        what: 'poll → store',
        ms: median(large.kept),
        'MB/s': speed(large.kept),
        'RSS above idle, MB': above(large.keptPeak),
      },
      {
        what: 'read back, by chunk',
        ms: median(large.read),
        'MB/s': speed(large.read),
        'RSS above idle, MB': above(large.readPeak),
      },
      { what: `${SMALL_COUNT} × ${SMALL_BYTES} bytes, inline`, ms: Math.round(small.inline) },
      { what: `${SMALL_COUNT} × ${SMALL_BYTES} bytes, stored in files`, ms: Math.round(small.stored) },
    ];
    const share = median(large.plain) / median(large.kept);
    const extra = small.stored / small.inline;
    const peak = above(Math.max(large.keptPeak, large.readPeak));
    return {
      rows,
      notes: [
        `poll → store has ${Math.round(share * 100)} % of the plain copy's speed; medians of ${ROUNDS} rounds by turns`,
        `stored in files, small results take ${Math.round(extra * 100)} % of the time of inline ones`,
        `idle worker: ${Math.round(idle / MB)} MB; ${large.chunks} chunks read back; ${left.length} temporary files left`,
      ],
      broken: [
        ...(peak > MAX_RSS_MB ? [`RSS rose by ${peak} MB, more than ${MAX_RSS_MB}`] : []),
        ...(share < LEAST_SHARE ? [`the copy has less than ${LEAST_SHARE * 100} % of the plain speed`] : []),
        ...(extra > MOST_FOR_SMALL
          ? [`small results take more than ${MOST_FOR_SMALL * 100} % of the time of inline ones`]
          : []),
        ...(left.length > 0 ? [`${left.length} temporary files left`] : []),
      ],
    };
  } finally {
    worker.send({ kind: 'stop' } satisfies Order);
    vendor.kill();
    await once(worker, 'exit');
    await env.teardown();
    await rm(folder, { recursive: true, force: true });
  }

  async function measureLarge(client: Client, tell: (order: Order) => Promise<Told>, url: string) {
    const figures = {
      plain: [] as number[],
      kept: [] as number[],
      read: [] as number[],
      keptPeak: 0,
      readPeak: 0,
      chunks: 0,
    };
    for (let round = 0; round < ROUNDS; round++) {
      const job = jobOf('parse', `large-${LARGE_MB}-${round}`);
      await tell({ kind: 'rss', fromHere: true });
      figures.kept.push(await collect(client, job, 'files', 'stored'));
      figures.keptPeak = Math.max(figures.keptPeak, (await tell({ kind: 'rss' })).peak);
      const ref = await refOf(folder, job);
      const read = await tell({ kind: 'read', ref, fromHere: true });
      figures.read.push(read.ms);
      figures.readPeak = Math.max(figures.readPeak, read.peak);
      figures.chunks = read.chunks ?? 0;
      figures.plain.push((await tell({ kind: 'plain', url })).ms);
      await fileStore(join(folder, 'store')).delete(ref.key);
    }
    return figures;
  }
}

async function measureSmall(client: Client): Promise<{ inline: number; stored: number }> {
  const sums = { inline: 0, stored: 0 };
  for (let from = 0; from < SMALL_COUNT; from += TURN) {
    for (const choice of ['inline', 'stored'] as const) {
      const queue = Array.from({ length: TURN }, (_, at) => from + at)[Symbol.iterator]();
      const began = performance.now();
      const lane = async (): Promise<void> => {
        for (const at of queue) {
          const job = jobOf('extract', `${SMALL_BYTES}-${choice}-${at}`);
          await collect(client, job, choice === 'inline' ? 'memory' : 'files', choice);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      sums[choice] += performance.now() - began;
    }
  }
  return sums;
}

/** @returns how long it took, ms. */
async function collect(
  client: Client,
  job: JobRef,
  taskQueue: string,
  choice: CollectOptions['results'],
): Promise<number> {
  const began = performance.now();
  const options: CollectOptions = { results: choice, inlineLimit: 65_536 };
  const state = (await client.workflow.execute('collectOne', {
    taskQueue,
    workflowId: `${taskQueue}-${job.jobId}`,
    args: [job, options],
  })) as string;
  if (state !== 'completed') throw new Error(`${job.jobId}: ${state}`);
  return performance.now() - began;
}

const jobOf = (operation: 'parse' | 'extract', jobId: string): JobRef => {
  return { provider: 'reducto', account: 'reducto', operation, jobId: `${operation}-${jobId}` };
};

async function refOf(folder: string, job: JobRef): Promise<ResultRef> {
  const key = resultKey(job);
  const facts = await fileStore(join(folder, 'store')).head(key);
  if (facts === null) throw new Error(`${key} is not in the store`);
  return { key, ...facts };
}

function startProcess(file: string, args: string[]): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: ['--import', 'tsx'] });
}

const median = (times: number[]): number =>
  Math.round([...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0);
const speed = (times: number[]): number => Math.round((LARGE_MB * 1_000) / median(times));
