import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchResult } from '../bench-result.js';
import { type Figures, lagAt, measureFleet } from './measure.js';
import type { Fleet } from './fleet.js';

const SECOND = 1_000;
const JOB_MS = 600 * SECOND;
const STARTS_A_SECOND = 25;
/** What must hold. */
const MAX_RECOVERY_MS = 60 * SECOND;
/** Windows are open then for what was started first. */
const KILLED_AT_SHARE = 0.9;

/** Kills the worker with -9 while so many documents are in flight, and starts another: how long until each wait is somebody's again, and what is lost. */
export async function recovery(documents: number): Promise<BenchResult> {
  let killedAt = 0;
  const meanwhile = async (fleet: Fleet): Promise<void> => {
    const spent = (documents / STARTS_A_SECOND) * SECOND;
    await sleep(Math.max(0, JOB_MS * KILLED_AT_SHARE - spent));
    await fleet.killWorker();
    killedAt = Date.now();
    await fleet.startWorker();
  };
  const figures = await measureFleet({
    strategy: 'ours',
    documents,
    jobMs: JOB_MS,
    startsPerSecond: STARTS_A_SECOND,
    meanwhile,
    killedAt: () => killedAt,
  });
  const waits = figures.takenOver;
  const worst = Math.max(0, ...waits);
  const promises: [boolean, string][] = [
    [figures.completed === documents, `${documents - figures.completed} did not complete`],
    [figures.paidTwice === 0, `${figures.paidTwice} paid twice`],
    [waits.length > 0, 'nothing was in the hands of the worker that was killed'],
    [worst <= MAX_RECOVERY_MS, `a wait was nobody's for more than ${MAX_RECOVERY_MS / SECOND} s`],
  ];
  return {
    rows: [rowOf(documents, figures, waits, worst)],
    notes: [
      "nobody's: from the kill until the other worker began the activity attempt or workflow task that the dead one had held",
    ],
    broken: promises.filter(([holds]) => !holds).map(([, words]) => words),
  };
}

const rowOf = (documents: number, figures: Figures, waits: number[], worst: number): object => ({
  'in flight': documents,
  'held by the dead worker': waits.length,
  "nobody's for at most, s": worst / SECOND,
  completed: figures.completed,
  'paid twice': figures.paidTwice,
  'lag p50 s': lagAt(figures, 0.5) / SECOND,
  p99: lagAt(figures, 0.99) / SECOND,
  'worker RSS MB': figures.workerPeakMb,
});
