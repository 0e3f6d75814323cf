import { setTimeout as sleep } from 'node:timers/promises';
import { numberIn } from '../fleet/fleet.js';
import type { DocumentEnd, Engine, OpenEngine } from './engine.js';

export interface Measured {
  versions: string;
  documents: number;
  completed: number;
  /** Jobs that the vendor accepted beyond one a document. */
  acceptedTwice: number;
  /** From the first start to the last end. */
  completedASecond: number;
  /** From the vendor's end of a job to the engine's of its document, ms, sorted. */
  lags: number[];
  /** A document. */
  requests: number;
  engineCpuMs: number;
  workerCpuMs: number;
  engineMb: number;
  workerMb: number;
}

export interface Workload {
  documents: number;
  jobMs: number;
  /** kill -9 of the worker, and another one at once, when the first jobs have just ended. */
  kill?: boolean;
}

const STARTS_A_SECOND = 40;
/** Before anything is measured: the first documents of a process pay for its warming up. */
const WARM = 40;
/** Of a job's time, from the first start: by then some documents are being collected, some are looked after closely, some sleep. */
const KILLED_AFTER = 1.05;
const PATIENCE_MS = 5 * 60_000;

/** The same documents at the same pace on any engine, and what became of them. */
export async function measureEngine(open: OpenEngine, { documents, jobMs, kill = false }: Workload): Promise<Measured> {
  await using engine = await open(jobMs);
  await startPaced(engine, 0, WARM);
  if (!(await allEnded(engine, jobMs))) throw new Error('the warming up does not end');
  const warm = await countsOf(engine);
  const began = Date.now();
  await startPaced(engine, WARM, WARM + documents);
  if (kill) await killOnce(engine, WARM + documents, began + jobMs * KILLED_AFTER);
  if (!(await allEnded(engine, jobMs))) console.error('not all documents have ended within the limit');
  // Before the ends are read: reading them costs the engine something too.
  const all = await countsOf(engine);
  const ends = (await engine.ends()).filter(({ n }) => n >= WARM);
  return {
    versions: engine.versions,
    documents,
    ...outcomeOf(ends, all.vendorEnds, began),
    requests: (all.calls - warm.calls) / documents,
    engineCpuMs: (all.engineCpuMs - warm.engineCpuMs) / documents,
    workerCpuMs: (all.workerCpuMs - warm.workerCpuMs) / documents,
    engineMb: all.engineMb,
    workerMb: all.workerMb,
  };
}

/** What was completed: once, with the result of a job that no other document has. */
function outcomeOf(ends: DocumentEnd[], vendorEnds: [input: string, endedAt: number][], began: number) {
  const endedAt = new Map(vendorEnds.map(([input, at]) => [numberIn(input), at]));
  const completed = ends.filter(({ jobId }) => jobId !== null);
  const seconds = (Math.max(...completed.map(({ at }) => at)) - began) / 1_000;
  return {
    completed: Math.min(new Set(completed.map(({ n }) => n)).size, new Set(completed.map(({ jobId }) => jobId)).size),
    acceptedTwice: vendorEnds.length - endedAt.size,
    completedASecond: completed.length / seconds,
    lags: completed.map(({ n, at }) => at - (endedAt.get(n) ?? Number.NaN)).sort((a, b) => a - b),
  };
}

async function countsOf(engine: Engine) {
  const [spent, { counts, ends: vendorEnds }] = await Promise.all([engine.spent(), engine.vendor()]);
  return { ...spent, vendorEnds, calls: Object.values(counts).reduce((sum, count) => sum + count, 0) };
}

async function startPaced(engine: Engine, from: number, to: number): Promise<void> {
  const began = performance.now();
  const under: Promise<unknown>[] = [];
  for (let n = from; n < to; n++) {
    const due = ((n - from) * 1_000) / STARTS_A_SECOND - (performance.now() - began);
    if (due > 0) await sleep(due);
    under.push(engine.start(n));
    if (under.length >= 64) await Promise.all(under.splice(0));
  }
  await Promise.all(under);
}

/** Not before each document has its job: what a kill does to a submit under way is another question. */
async function killOnce(engine: Engine, jobs: number, at: number): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < at || (await engine.vendor()).counts.submit < jobs) {
    if (Date.now() > end) throw new Error('not each document gets its job');
    await sleep(200);
  }
  await engine.killWorker();
  await engine.startWorker();
}

/** Asks rarely, and not before it can be: the question costs the engine something. */
async function allEnded(engine: Engine, jobMs: number): Promise<boolean> {
  const end = Date.now() + PATIENCE_MS + jobMs;
  await sleep(jobMs);
  while (Date.now() < end) {
    if ((await engine.running()) === 0) return true;
    await sleep(2_000);
  }
  return false;
}
