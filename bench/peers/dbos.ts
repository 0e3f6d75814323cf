import { DBOSClient } from '@dbos-inc/dbos-sdk';
import { Pool } from 'pg';
import type { VendorFigures } from '../fleet/messages.js';
import { documentUrl, numberIn } from '../fleet/fleet.js';
import { cpuMsOf, type Process, startProcess } from '../fleet/processes.js';
import { type Engine, SPREAD, workflowIdOf } from './engine.js';
import { versionOf } from './install.js';
import { startPostgres } from './postgres.js';
import { peakMbOf, treeCpuMsOf, treeMbOf } from './process-tree.js';
import { type DbosOrder, pollingOf } from './worker-order.js';

const DATABASE = 'documents_dbos_sys';
const ENDED = ['SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'];

/** It has nothing to tell but that the server went away in the end. */
const SILENT = { info: nothing, debug: nothing, warn: nothing, error: nothing };

/** DBOS Transact on a PostgreSQL of its own. */
export async function openDbos(jobMs: number): Promise<Engine> {
  const postgres = await startPostgres();
  const vendor = await startProcess<number>('./vendor.ts', { jobMs, spread: SPREAD });
  const vendorUrl = `http://127.0.0.1:${vendor.ready}`;
  const databaseUrl = postgres.urlOf(DATABASE);
  const order: DbosOrder = { vendorUrl, databaseUrl, expectedMs: jobMs, polling: pollingOf('step') };
  const newWorker = (): Promise<Process<unknown>> => startProcess('../peers/dbos-worker.ts', order);
  let worker = await newWorker();
  const client = await DBOSClient.create({
    systemDatabaseUrl: databaseUrl,
    applicationName: 'documents',
    logger: SILENT,
  });
  const pool = new Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  return {
    versions: `DBOS Transact ${versionOf('@dbos-inc/dbos-sdk')}, ${postgres.version}; ${order.polling}`,
    start: (n) =>
      client.enqueue(
        { workflowName: 'processDocument', queueName: 'documents', workflowID: workflowIdOf(n) },
        documentUrl(n),
      ),
    async running() {
      const { rows } = await pool.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM dbos.workflow_status WHERE status <> ALL ($1)',
        [ENDED],
      );
      return rows[0]?.n ?? 0;
    },
    async ends() {
      const ended = await client.listWorkflows({ status: ENDED, loadInput: false, loadOutput: true });
      return ended.map(({ workflowID, status, completedAt, output }) => ({
        n: numberIn(workflowID),
        at: completedAt ?? Number.NaN,
        jobId: status === 'SUCCESS' ? ((output as { job_id?: string } | null)?.job_id ?? null) : null,
      }));
    },
    vendor: async () => (await fetch(`${vendorUrl}/_vendor`)).json() as Promise<VendorFigures>,
    spent: async () => ({
      engineCpuMs: treeCpuMsOf(postgres.pid),
      workerCpuMs: cpuMsOf(worker.child.pid!),
      engineMb: treeMbOf(postgres.pid),
      workerMb: peakMbOf(worker.child.pid!),
    }),
    killWorker: () => worker.kill(),
    async startWorker() {
      worker = await newWorker();
    },
    async [Symbol.asyncDispose]() {
      await worker.kill();
      await vendor.kill();
      await client.destroy();
      await pool.end();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

function nothing(): void {}
