import type { BenchResult } from '../bench-result.js';
import { installPeers } from './install.js';
import type { OpenEngine } from './engine.js';
import { type Measured, measureEngine } from './measure.js';

const SECOND = 1_000;
/** From so many documents on the jobs take a minute. */
const FULL_SIZE = 1_000;
const KILLED = { documents: 100, jobMs: 10 * SECOND, kill: true };

const OURS = 'ours, Temporal in memory';
const OURS_DURABLE = 'ours, Temporal on a file';

/** The same document job, one engine after the other. */
export async function peers(documents: number): Promise<BenchResult> {
  await installPeers();
  const engines = await enginesByName();
  const jobMs = (documents < FULL_SIZE ? 10 : 60) * SECOND;
  const rows: object[] = [];
  const broken: string[] = [];
  const told = new Map<string, Measured>();
  for (const [name, open] of engines) {
    console.error(`${name}: ${documents} documents …`);
    const measured = await measureEngine(open, { documents, jobMs });
    console.error(`${name}: kill -9 of the worker …`);
    const killed = await measureEngine(open, KILLED);
    told.set(name, measured);
    rows.push(rowOf(name, measured, jobMs, killed));
    broken.push(...brokenBy(name, measured), ...brokenBy(`${name}, after kill -9`, killed));
  }
  return {
    rows,
    broken,
    notes: [
      ...[...told].map(([name, { versions }]) => `${name}: ${versions}`),
      'lag: from the end of the job at the vendor to the end of the document, both as their servers recorded them',
      'RSS: of the engine at the end (of PostgreSQL’s processes, what they share counted once), of the worker at its peak',
      `after kill -9: of ${KILLED.documents} documents with ${KILLED.jobMs / SECOND}-s jobs, all of them submitted`,
      ...aimOf(told),
    ],
  };
}

/** Loaded late: the peers' packages may have been installed just now. */
async function enginesByName(): Promise<[name: string, open: OpenEngine][]> {
  const [{ openOurs, openOursDurable }, { openDbos }, { openRestate }] = await Promise.all([
    import('./ours.js'),
    import('./dbos.js'),
    import('./restate.js'),
  ]);
  return [
    [OURS, openOurs],
    [OURS_DURABLE, openOursDurable],
    ['DBOS on PostgreSQL', openDbos],
    ['Restate', openRestate],
  ];
}

const rowOf = (engine: string, measured: Measured, jobMs: number, killed: Measured): object => ({
  engine,
  N: measured.documents,
  'job s': jobMs / SECOND,
  completed: measured.completed,
  'accepted twice': measured.acceptedTwice,
  'completed/s': round(measured.completedASecond),
  'lag p50 s': lagAt(measured, 0.5) / SECOND,
  p99: lagAt(measured, 0.99) / SECOND,
  'vendor requests': round(measured.requests),
  'CPU ms engine + worker': `${round(measured.engineCpuMs)} + ${round(measured.workerCpuMs)}`,
  'RSS MB engine, worker': `${measured.engineMb}, ${measured.workerMb}`,
  'after kill -9: lost, accepted twice': `${killed.documents - killed.completed}, ${killed.acceptedTwice}`,
});

const brokenBy = (name: string, { documents, completed, acceptedTwice }: Measured): string[] => [
  ...(completed === documents ? [] : [`${name}: ${documents - completed} were not completed`]),
  ...(acceptedTwice === 0 ? [] : [`${name}: ${acceptedTwice} jobs beyond one a document`]),
];

/** Whether each of ours has a lower p99 than each peer, and the fewest requests; reported, not promised. */
function aimOf(told: Map<string, Measured>): string[] {
  const all = [...told];
  const isOurs = ([name]: [string, Measured]): boolean => name === OURS || name === OURS_DURABLE;
  const best = (of: (measured: Measured) => number): number =>
    Math.min(...all.filter((one) => !isOurs(one)).map(([, measured]) => of(measured)));
  const [p99, requests] = [best((measured) => lagAt(measured, 0.99)), best((measured) => measured.requests)];
  return all.filter(isOurs).map(([name, measured]) => {
    const lag = lagAt(measured, 0.99) < p99 ? 'lower' : 'not lower';
    const fewer = measured.requests < requests ? 'fewer' : 'not fewer';
    return `${name}: lag p99 ${lag} than that of each peer, ${fewer} vendor requests`;
  });
}

const lagAt = ({ lags }: Measured, share: number): number =>
  Math.round(lags[Math.max(0, Math.ceil(lags.length * share) - 1)] ?? Number.NaN);
const round = (value: number): number => Math.round(value * 100) / 100;
