import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalBinary } from '../../src/local/temporal-binary.js';
import { numberIn, openFleet } from '../fleet/fleet.js';
import { cpuMsOf, rssMbOf } from '../fleet/processes.js';
import { type DocumentEnd, type Engine, SPREAD } from './engine.js';

const READERS = 16;

/** Ours, on Temporal's dev server in memory. */
export const openOurs = (jobMs: number): Promise<Engine> => open(jobMs, null);

/** Ours, on Temporal's dev server with its database in a file, and results in a folder. */
export async function openOursDurable(jobMs: number): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-temporal-'));
  const engine = await open(jobMs, folder);
  return {
    ...engine,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function open(jobMs: number, folder: string | null): Promise<Engine> {
  const files = folder === null ? {} : { dbFilename: join(folder, 'temporal.db'), results: join(folder, 'results') };
  const fleet = await openFleet({ strategy: 'ours', jobMs, vendor: { spread: SPREAD }, ...files });
  const { workflow } = fleet.client;
  const server = execFileSync(await findTemporalBinary('cli'), ['--version'], { encoding: 'utf8' }).trim();
  const endOf = async (id: string, closedAt: Date | undefined): Promise<DocumentEnd> => {
    const result = (await workflow.result(id).catch(() => null)) as { jobId?: string } | null;
    return { n: numberIn(id), at: closedAt?.getTime() ?? Number.NaN, jobId: result?.jobId ?? null };
  };
  return {
    versions: server,
    start: (n) => fleet.start(n),
    running: async () => (await workflow.count(`ExecutionStatus = 'Running'`)).count,
    async ends() {
      const closed = workflow.list({ query: `ExecutionStatus != 'Running'` })[Symbol.asyncIterator]();
      const ends: DocumentEnd[] = [];
      const read = async (): Promise<void> => {
        for (let next = await closed.next(); !next.done; next = await closed.next()) {
          ends.push(await endOf(next.value.workflowId, next.value.closeTime));
        }
      };
      await Promise.all(Array.from({ length: READERS }, read));
      return ends;
    },
    vendor: () => fleet.vendor(),
    async spent() {
      const { cpuMs, peakMb } = await fleet.worker();
      const { pid } = fleet.server;
      return { engineCpuMs: cpuMsOf(pid), workerCpuMs: cpuMs, engineMb: rssMbOf(pid), workerMb: peakMb };
    },
    killWorker: () => fleet.killWorker(),
    startWorker: () => fleet.startWorker(),
    [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose](),
  };
}
