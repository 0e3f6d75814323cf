import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { freePorts } from '../../src/local/free-ports.js';
import { serverEnv } from '../../src/local/server-env.js';
import type { VendorFigures } from '../fleet/messages.js';
import { documentUrl, numberIn } from '../fleet/fleet.js';
import { cpuMsOf, type Process, rssMbOf, startProcess } from '../fleet/processes.js';
import { type DocumentEnd, type Engine, SPREAD, workflowIdOf } from './engine.js';
import { packageFolder, versionOf } from './install.js';
import { peakMbOf } from './process-tree.js';
import { startServer } from './server-process.js';
import { pollingOf, type RestateOrder } from './worker-order.js';

/** A document that waits for less than the inactivity time-out holds a place; the default is 1,000. */
const CONCURRENT_INVOCATIONS = 20_000;
const READERS = 16;

/** A Restate server on a folder of its own, and a worker that it calls. */
export async function openRestate(jobMs: number): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-restate-'));
  const [node = 0, adminPort = 0, ingressPort = 0, workerPort = 0] = await freePorts(4);
  const [admin, ingress] = [`http://127.0.0.1:${adminPort}`, `http://127.0.0.1:${ingressPort}`];
  const env = {
    ...serverEnv(),
    RESTATE_LISTEN_MODE: 'tcp',
    RESTATE_BIND_IP: '127.0.0.1',
    RESTATE_BIND_PORT: String(node),
    RESTATE_ADMIN__BIND_PORT: String(adminPort),
    RESTATE_INGRESS__BIND_PORT: String(ingressPort),
    RESTATE_WORKER__INVOKER__CONCURRENT_INVOCATIONS_LIMIT: String(CONCURRENT_INVOCATIONS),
    RESTATE_LOG_FILTER: 'error',
    RESTATE_LOG_DISABLE_ANSI_CODES: 'true',
    RESTATE_DISABLE_TELEMETRY: 'true',
  };
  const platform = `${process.platform}-${process.arch}`;
  const binary = join(packageFolder(`@restatedev/restate-server-${platform}`), 'bin', 'restate-server');
  const args = ['--no-logo', '--base-dir', folder, '--node-name', 'bench'];
  const server = await startServer(binary, args, { env, cwd: folder }, async () => {
    const replies = await Promise.all([fetch(`${admin}/health`), fetch(`${ingress}/restate/health`)]);
    return replies.every(({ ok }) => ok);
  });
  const vendor = await startProcess<number>('./vendor.ts', { jobMs, spread: SPREAD });
  const vendorUrl = `http://127.0.0.1:${vendor.ready}`;
  const order: RestateOrder = { vendorUrl, port: workerPort, expectedMs: jobMs, polling: pollingOf('step') };
  const newWorker = (): Promise<Process<unknown>> => startProcess('../peers/restate-worker.ts', order);
  let worker = await newWorker();
  const dispatcher = new Agent({ connections: 64 });
  const post = <T>(url: string, body: unknown): Promise<T> => call<T>(dispatcher, url, body);
  await post(`${admin}/deployments`, { uri: `http://127.0.0.1:${workerPort}` });
  const query = async <Row>(sql: string): Promise<Row[]> =>
    (await post<{ rows: Row[] }>(`${admin}/query`, { query: sql })).rows;
  const outputOf = (id: string): Promise<{ job_id: string }> =>
    call(dispatcher, `${ingress}/restate/workflow/Documents/${id}/output`);
  return {
    versions: `Restate ${versionOf('@restatedev/restate-server')}, its SDK ${versionOf('@restatedev/restate-sdk')}; ${order.polling}`,
    start: (n) => post(`${ingress}/restate/send/Documents/${workflowIdOf(n)}/run`, documentUrl(n)),
    async running() {
      const sql = `SELECT count(*) AS n FROM sys_invocation_status WHERE target_service_name = 'Documents' AND status <> 'completed'`;
      return (await query<{ n: number }>(sql))[0]?.n ?? 0;
    },
    async ends() {
      const sql = `SELECT target_service_key AS id, completed_at AS at, completion_result AS result FROM sys_invocation WHERE target_service_name = 'Documents' AND status = 'completed'`;
      const left = await query<{ id: string; at: string; result: string }>(sql);
      const ends: DocumentEnd[] = [];
      const read = async (): Promise<void> => {
        for (let one = left.pop(); one !== undefined; one = left.pop()) {
          const jobId = one.result === 'success' ? (await outputOf(one.id)).job_id : null;
          ends.push({ n: numberIn(one.id), at: Date.parse(one.at), jobId });
        }
      };
      await Promise.all(Array.from({ length: READERS }, read));
      return ends;
    },
    vendor: async () => (await fetch(`${vendorUrl}/_vendor`)).json() as Promise<VendorFigures>,
    spent: async () => ({
      engineCpuMs: cpuMsOf(server.pid),
      workerCpuMs: cpuMsOf(worker.child.pid!),
      engineMb: rssMbOf(server.pid),
      workerMb: peakMbOf(worker.child.pid!),
    }),
    killWorker: () => worker.kill(),
    async startWorker() {
      worker = await newWorker();
    },
    async [Symbol.asyncDispose]() {
      await worker.kill();
      await vendor.kill();
      await dispatcher.close();
      await server.stop('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function call<T>(dispatcher: Agent, url: string, body?: unknown): Promise<T> {
  const reply = await request(url, {
    dispatcher,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await reply.body.text();
  if (reply.statusCode >= 300) throw new Error(`Restate answered ${reply.statusCode}: ${text}`);
  return JSON.parse(text) as T;
}
