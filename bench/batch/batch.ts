import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../test/support/random.js';
import type { BatchStatus } from '../../src/jobs/batch.js';
import type { BatchOrder } from '../arguments.js';
import type { BenchResult } from '../bench-result.js';
import type { VendorFigures } from '../fleet/messages.js';
import { databaseGrowth } from './database-growth.js';
import { type Left, leftByChain, leftByEach } from './histories.js';
import { WorkerMemory } from './memory.js';
import { type Accident, ended, recordOf, runBatch } from './run-batch.js';
import { callsOf, numbered, openStage, paidTwiceOf, type Spent, type Stage } from './stage.js';

const JOB_MS = 2_500;
const WINDOW = 200;
/** More than the box can do: the window holds the rest back. */
const STARTS_A_SECOND = 40;
/** What must hold. */
const MAX_EVENTS = 15;
const MAX_GROWTH = 1.2;
const MAX_MINUTES = 60;
const LIMIT_MS = 4 * 3_600_000;
/** Memory is judged in a batch of this size: what a process needs to begin with has been taken by then. */
const FULL_SIZE = 20_000;
const FIRST = 5_000;
/** The last worker lives long enough that its memory tells something. */
const KILLS_BETWEEN = [0.05, 0.55] as const;
const SAMPLE = 50;

/** A batch from its manifest to its record, while the worker is killed, and the server too where it has a database. */
export async function batch({ documents, kills, database, seed }: BatchOrder): Promise<BenchResult> {
  await using stage = await openStage({ vendor: { jobMs: JOB_MS, spread: 0.2 }, database });
  const manifest = await stage.manifest('manifest', numbered(documents));
  const before = await stage.server.database();
  const memory = new WorkerMemory();
  memory.begin(0);
  let last: BatchStatus | null = null;
  const onLook = (status: BatchStatus | null): void => {
    if (status === null) return;
    last = status;
    memory.look(ended(status), stage.workerMb());
    if (process.stderr.isTTY) process.stderr.write(`\r${ended(status)} of ${documents} have ended  `);
  };
  let happened = 0;
  const accidents = accidentsOf(stage, { kills, database, seed }, (toWorker) => {
    happened += 1;
    if (toWorker) memory.begin(last === null ? 0 : ended(last));
  });
  const input = { manifest, window: WINDOW, startsPerSecond: STARTS_A_SECOND };
  const status = await runBatch(stage, input, { accidents, onLook, limitMs: LIMIT_MS });
  const spent = { ...(await stage.spent()), serverMs: stage.server.cpuMs() };
  const vendor = await stage.vendor();
  const rows = await recordOf(stage, status.batchId);
  const done = rows.filter(({ state }) => state === 'done');
  const parent = await leftByChain(stage.client, status.batchId);
  const sample = rows.flatMap(({ workflowId }) => workflowId ?? []).slice(0, SAMPLE);
  const one = await leftByEach(stage.client, sample);
  const growth = databaseGrowth(before, await stage.server.database(), documents);
  const told = {
    rows: rows.length,
    distinct: new Set(rows.map(({ id }) => id)).size,
    done: done.length,
    left: accidents.length - happened,
  };
  const found = memory.last(Math.min(FIRST, Math.floor(documents / 4)));
  const facts: Facts = { documents, database, spent, status, vendor, parent, one, told, found, peakMb: memory.peakMb };
  return {
    seed,
    rows: [...rowsOf(facts), ...growth],
    notes: [
      `jobs of ${JOB_MS / 1_000} s, window ${WINDOW}, ${STARTS_A_SECOND} starts a second at most; ${kills} kills of the worker${database ? ', 1 of the server' : ''}`,
      `history of a document: the average of ${sample.length}; its start is also one of the two actions that its batch counts for a child`,
    ],
    broken: brokenBy(facts),
    series: [
      { title: 'Resident memory of the worker', x: 'documents that have ended', y: 'MB', points: memory.points() },
    ],
  };
}

interface Facts {
  documents: number;
  database: boolean;
  spent: Spent & { serverMs: number };
  status: BatchStatus;
  vendor: VendorFigures;
  parent: Left;
  one: Left;
  told: { rows: number; distinct: number; done: number; left: number };
  found: ReturnType<WorkerMemory['last']>;
  peakMb: number;
}

/** Accidents at moments drawn by the seed; the list empties as they happen. */
function accidentsOf(
  stage: Stage,
  { kills, database, seed }: Pick<BatchOrder, 'kills' | 'database' | 'seed'>,
  told: (toWorker: boolean) => void,
): Accident[] {
  const random = new Random(seed);
  const [from, to] = KILLS_BETWEEN;
  const moment = (): number => from + random.next() * (to - from);
  const accident = (what: string, act: () => Promise<void>): Accident => {
    const delay = random.between(0, 2_000);
    const happen = async (): Promise<void> => {
      await sleep(delay);
      console.error(`${what} is killed`);
      await act();
    };
    return { at: moment(), happen };
  };
  const killWorker = async (): Promise<void> => {
    await stage.killWorker();
    told(true);
  };
  const killServer = async (): Promise<void> => {
    await stage.server.restart();
    told(false);
  };
  return [
    ...Array.from({ length: kills }, () => accident('the worker', killWorker)),
    ...(database ? [accident('the server', killServer)] : []),
  ].sort((a, b) => a.at - b.at);
}

function rowsOf({ documents, spent, status, vendor, parent, one, told, found, peakMb }: Facts): object[] {
  const seconds = secondsOf(status);
  const figures: [string, number | string][] = [
    ['documents', documents],
    ['done', told.done],
    ['lost', documents - told.distinct],
    ['paid twice', paidTwiceOf(vendor)],
    ['jobs accepted', vendor.ends.length],
    ['minutes', round(seconds / 60)],
    ['documents/s', round(documents / seconds)],
    ['vendor: reads + lists a document', round(callsOf(vendor) / documents)],
    ['429s', vendor.refused],
    ['parent: runs', parent.runs],
    ['parent: events a document', round(parent.events / documents)],
    ['parent: history bytes a document', Math.round(parent.bytes / documents)],
    ['parent: actions a document', round(parent.actions / documents)],
    ['document: events', round(one.events)],
    ['document: history bytes', Math.round(one.bytes)],
    ['document: actions', round(one.actions)],
    ['document: heartbeats', round(spent.heartbeats / documents)],
    ['CPU ms a document, server', round(spent.serverMs / documents)],
    ['CPU ms a document, worker', round(spent.cpuMs / documents)],
    ['record segments', status.segments],
    ['worker RSS MB, peak', peakMb],
  ];
  if (found !== null) {
    figures.push(['last worker: documents seen', found.seen]);
    figures.push(
      ['last worker: RSS MB after its first ones', found.firstMb],
      ['last worker: RSS MB at the end', found.endMb],
    );
  }
  return figures.map(([figure, value]) => ({ figure, value }));
}

function brokenBy({ documents, database, vendor, parent, told, found, status }: Facts): string[] {
  const events = parent.events / documents;
  const growth = found === null ? 0 : found.endMb / found.firstMb;
  const promises: [boolean, string][] = [
    [told.done === documents, `${documents - told.done} documents are not done: ${JSON.stringify(status.errors)}`],
    [told.distinct === documents && told.rows === documents, `${told.rows} rows of ${told.distinct} documents`],
    [vendor.ends.length === documents && paidTwiceOf(vendor) === 0, `${vendor.ends.length} jobs were paid`],
    [events <= MAX_EVENTS, `${round(events)} events of the parent a document, more than ${MAX_EVENTS}`],
    [told.left === 0 || documents < FULL_SIZE, `${told.left} accidents did not happen`],
    [database || secondsOf(status) <= MAX_MINUTES * 60, `it took more than ${MAX_MINUTES} minutes`],
    [growth <= MAX_GROWTH || documents < FULL_SIZE, `the worker's memory has grown by ${round(growth)} ×`],
    [
      found !== null || documents < FULL_SIZE,
      "the last worker's memory can't be judged: it has seen too few documents",
    ],
  ];
  return promises.filter(([holds]) => !holds).map(([, words]) => words);
}

const secondsOf = ({ startedAt, endedAt }: BatchStatus): number =>
  (Date.parse(endedAt ?? '') - Date.parse(startedAt)) / 1_000;
const round = (value: number): number => Math.round(value * 100) / 100;
