import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { freePorts } from '../../src/local/free-ports.js';
import { type DevServer, startDevServer } from '../../src/local/dev-server.js';
import { bundle } from '../environment.js';
import type { Strategy, VendorFigures, VendorOrder, WorkerFigures, WorkerOrder } from './messages.js';
import { SECRET } from './messages.js';
import { type Process, startProcess } from './processes.js';

export interface FleetOptions {
  strategy: Strategy;
  jobMs: number;
  /** What the worker is told to expect, ms. Default: what it takes. */
  expectedMs?: number | null;
  vendor?: Partial<VendorOrder>;
  /** File of the server's database. Default: in memory. */
  dbFilename?: string;
  /** Folder of the results. Default: in memory. */
  results?: string;
  maxCachedWorkflows?: number;
}

/** Temporal's dev server, a loopback vendor and a worker, each a process of its own; and this process, which starts documents. */
export interface Fleet extends AsyncDisposable {
  server: DevServer;
  client: Client;
  taskQueue: string;
  start(n: number): Promise<WorkflowHandle>;
  vendor(): Promise<VendorFigures>;
  /** Changes the vendor's cap of reads a second. */
  cap(readsPerSecond: number): Promise<void>;
  worker(): Promise<WorkerFigures>;
  /** Requests to Temporal by the worker so far, by the SDK's own metrics. */
  requests(): Promise<Map<string, number>>;
  killWorker(): Promise<void>;
  startWorker(): Promise<void>;
}

const TASK_QUEUE = 'fleet';
const WORKFLOW: Record<Strategy, string> = {
  ours: 'parse',
  'ours, webhook': 'parse',
  'ours, single reads': 'parse',
  'naive loop': 'naiveLoop',
  'retry as poll': 'retryAsPoll',
  minimum: 'minimum',
};

/** The document with a number; its job can be told by it. */
export const documentUrl = (n: number): string => `https://documents.example.com/page.pdf?n=${n}`;
/** Of a job's input, or of a workflow's id. */
export const numberIn = (text: string): number => Number(/(\d+)$/.exec(text)?.[1]);

export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { strategy, jobMs, expectedMs = jobMs } = options;
  const server = await startDevServer({
    headless: true,
    ...(options.dbFilename === undefined ? {} : { dbFilename: options.dbFilename }),
  });
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  const [metricsPort = 0] = await freePorts(1);
  const order: Omit<WorkerOrder, 'vendorUrl' | 'webhookPort'> = {
    address: server.address,
    taskQueue: TASK_QUEUE,
    bundlePath: await bundle('./fleet/workflows.ts'),
    strategy,
    expectedMs,
    metricsPort,
    ...(options.results === undefined ? {} : { results: options.results }),
    ...(options.maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows: options.maxCachedWorkflows }),
  };
  const [webhookPort = 0] = await freePorts(1);
  const webhook = { url: `http://127.0.0.1:${webhookPort}/webhooks/reducto`, secret: SECRET };
  const vendor = await startProcess<number>('./vendor.ts', { jobMs, ...options.vendor, webhook });
  const vendorUrl = `http://127.0.0.1:${vendor.ready}`;
  const newWorker = (): Promise<Process<unknown>> => startProcess('./worker.ts', { ...order, vendorUrl, webhookPort });
  let worker = await newWorker();
  return {
    server,
    client,
    taskQueue: TASK_QUEUE,
    start: (n) =>
      client.workflow.start(WORKFLOW[strategy], {
        taskQueue: TASK_QUEUE,
        workflowId: `document-${n}`,
        args: [documentUrl(n), strategy === 'minimum' ? { expectedMs } : {}],
      }),
    vendor: async () => (await fetch(`${vendorUrl}/_vendor`)).json() as Promise<VendorFigures>,
    async cap(readsPerSecond) {
      await fetch(`${vendorUrl}/_vendor`, { method: 'POST', body: JSON.stringify({ readsPerSecond }) });
    },
    worker: () => worker.ask<WorkerFigures>(),
    requests: () => requestsOf(metricsPort),
    killWorker: () => worker.kill(),
    async startWorker() {
      worker = await newWorker();
    },
    async [Symbol.asyncDispose]() {
      await worker.kill();
      await vendor.kill();
      await connection.close();
      await server.stop();
    },
  };
}

/** `temporal_request{operation="…"}` of the SDK's metrics. */
export async function requestsOf(port: number): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counts = new Map<string, number>();
  for (const [, operation = '', count] of text.matchAll(/^temporal_request\{[^}]*operation="(\w+)"[^}]*\} (\S+)$/gm)) {
    counts.set(operation, (counts.get(operation) ?? 0) + Number(count));
  }
  return counts;
}

/** Starts documents at a pace. @returns when the last one is started. */
export async function startDocuments(fleet: Fleet, from: number, to: number, aSecond: number): Promise<void> {
  const began = performance.now();
  const under: Promise<unknown>[] = [];
  for (let n = from; n < to; n++) {
    const due = ((n - from) * 1_000) / aSecond - (performance.now() - began);
    if (due > 0) await sleep(due);
    under.push(fleet.start(n));
    if (under.length >= 64) await Promise.all(under.splice(0));
  }
  await Promise.all(under);
}

/** Waits until no workflow runs. @returns false when that takes longer than the limit. */
export async function allDone(fleet: Fleet, limitMs: number): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    const { count } = await fleet.client.workflow.count(`ExecutionStatus = 'Running'`);
    if (count === 0) return true;
    await sleep(2_000);
  }
  return false;
}
