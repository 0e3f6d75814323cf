import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { fileStore, type ResultStore } from '../../src/index.js';
import { freePorts } from '../../src/local/free-ports.js';
import type { BatchManifest, BatchRowInput } from '../../src/jobs/batch.js';
import { bundle } from '../environment.js';
import { documentUrl, requestsOf } from '../fleet/fleet.js';
import type { VendorFigures, VendorOrder, WorkerOrder } from '../fleet/messages.js';
import { cpuMsOf, rssMbOf, startProcess } from '../fleet/processes.js';
import { startStageServer, type StageServer } from './server.js';

/** A server, a loopback vendor and a worker that does batches, each a process of its own. */
export interface Stage extends AsyncDisposable {
  server: StageServer;
  client: Client;
  taskQueue: string;
  /** Of results and records. */
  store: ResultStore;
  /** Writes a manifest where the worker reads it. */
  manifest(name: string, rows: Iterable<BatchRowInput>): Promise<BatchManifest>;
  vendor(): Promise<VendorFigures>;
  /** Resident memory of the worker, MB. */
  workerMb(): number;
  /** What all workers so far have cost. */
  spent(): Promise<Spent>;
  /** With -9; another one comes at once. */
  killWorker(): Promise<void>;
}

export interface Spent {
  cpuMs: number;
  /** That reached Temporal: each is a billable action, and leaves no event. */
  heartbeats: number;
}

export interface StageOptions {
  vendor: VendorOrder;
  /** Temporal's database in a file. Default: in memory. */
  database?: boolean;
}

const TASK_QUEUE = 'batches';

export async function openStage({ vendor: vendorOrder, database = false }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-batch-'));
  const results = join(folder, 'results');
  const [metricsPort = 0] = await freePorts(1);
  const server = await startStageServer(database);
  const vendor = await startProcess<number>('./vendor.ts', vendorOrder);
  const vendorUrl = `http://127.0.0.1:${vendor.ready}`;
  const order: WorkerOrder = {
    address: server.address,
    taskQueue: TASK_QUEUE,
    vendorUrl,
    bundlePath: await bundle('./fleet/workflows.ts'),
    strategy: 'ours',
    expectedMs: vendorOrder.jobMs,
    webhookPort: 0,
    metricsPort,
    results,
    manifests: [folder],
  };
  const connection = await Connection.connect({ address: server.address });
  let worker = await startProcess('./worker.ts', order);
  const before: Spent = { cpuMs: 0, heartbeats: 0 };
  const spent = async (): Promise<Spent> => {
    const heartbeats = (await requestsOf(metricsPort)).get('RecordActivityTaskHeartbeat') ?? 0;
    return { cpuMs: before.cpuMs + cpuMsOf(worker.child.pid ?? 0), heartbeats: before.heartbeats + heartbeats };
  };
  return {
    server,
    client: new Client({ connection }),
    taskQueue: TASK_QUEUE,
    store: fileStore(results),
    async manifest(name, rows) {
      const path = join(folder, `${name}.jsonl`);
      await writeFile(
        path,
        Array.from(rows, (row) => `${JSON.stringify(row)}\n`),
      );
      return { kind: 'file', path };
    },
    vendor: async () => (await fetch(`${vendorUrl}/_vendor`)).json() as Promise<VendorFigures>,
    workerMb: () => rssMbOf(worker.child.pid ?? 0),
    spent,
    async killWorker() {
      Object.assign(before, await spent());
      await worker.kill();
      worker = await startProcess('./worker.ts', order);
    },
    async [Symbol.asyncDispose]() {
      await worker.kill();
      await vendor.kill();
      await connection.close();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Rows of a manifest: documents by number. */
export const numbered = (count: number, from = 0): BatchRowInput[] =>
  Array.from({ length: count }, (_none, at) => ({ id: `d${from + at}`, source: documentUrl(from + at) }));

/** Calls that a vendor was sent beside the submits. */
export const callsOf = ({ counts }: VendorFigures): number => counts.get + counts.list + counts.cancel;
/** Jobs that it took beyond one a document. */
export const paidTwiceOf = ({ ends }: VendorFigures): number =>
  ends.length - new Set(ends.map(([input]) => input)).size;
