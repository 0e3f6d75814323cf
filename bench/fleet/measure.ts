import type { WorkflowHandle } from '@temporalio/client';
import { historyCost } from '../../src/client/index.js';
import { allDone, type Fleet, numberIn, openFleet, type FleetOptions, startDocuments } from './fleet.js';
import { cpuMsOf, rssMbOf } from './processes.js';

export interface Figures {
  completed: number;
  failed: number;
  /** Accepted jobs beyond one a document. */
  paidTwice: number;
  /** From the vendor's end of a job to the workflow's, ms. */
  lags: number[];
  /** A second, of starts that the server took. */
  startRate: number;
  events: number;
  actions: number;
  heartbeats: number;
  taskTimeouts: number;
  /** Of what a killed worker had held: how long until another one took it, ms. */
  takenOver: number[];
  /** Reads and lists; the submit itself is not counted. */
  requests: number;
  refused: number;
  workerCpuMs: number;
  serverCpuMs: number;
  workerPeakMb: number;
  serverMb: number;
}

export interface Wanted extends FleetOptions {
  documents: number;
  startsPerSecond: number;
  /** Happens once all are started. */
  meanwhile?: (fleet: Fleet) => Promise<void>;
  /** When the worker was killed, ms since the epoch. */
  killedAt?: () => number;
}

/** Before anything is measured: the first documents of a process pay for its warming up. Of long jobs none: they would take as long as the bench. */
const WARM = 40;
const SHORT_MS = 60_000;
const PATIENCE_MS = 15 * 60_000;

/** Runs so many documents and says what they cost, each on average. */
export async function measureFleet(wanted: Wanted): Promise<Figures> {
  await using fleet = await openFleet(wanted);
  const { documents, startsPerSecond, jobMs } = wanted;
  if (jobMs <= SHORT_MS) await startDocuments(fleet, 0, WARM, 40);
  if (!(await allDone(fleet, PATIENCE_MS + jobMs))) throw new Error('the warming up does not end');
  const warm = await spentBy(fleet);
  const began = performance.now();
  await startDocuments(fleet, WARM, WARM + documents, startsPerSecond);
  const startRate = documents / ((performance.now() - began) / 1_000);
  await wanted.meanwhile?.(fleet);
  const isDone = await allDone(fleet, PATIENCE_MS + 2 * jobMs);
  const all = await spentBy(fleet);
  const serverMb = rssMbOf(fleet.server.pid);
  if (!isDone) console.error('not all documents have ended within the limit');
  const heartbeats = all.heartbeats - warm.heartbeats;
  return {
    ...(await readHistories(fleet, all.vendor.ends, documents, heartbeats, wanted.killedAt?.() ?? Infinity)),
    paidTwice: all.vendor.ends.length - new Set(all.vendor.ends.map(([input]) => input)).size,
    startRate,
    heartbeats: heartbeats / documents,
    requests: (all.calls - warm.calls) / documents,
    refused: all.vendor.refused - warm.vendor.refused,
    workerCpuMs: (all.worker.cpuMs - warm.worker.cpuMs) / documents,
    serverCpuMs: (all.serverCpuMs - warm.serverCpuMs) / documents,
    workerPeakMb: all.worker.peakMb,
    serverMb,
  };
}

/** So far, by each process. */
async function spentBy(fleet: Fleet) {
  const [worker, vendor, requests] = await Promise.all([fleet.worker(), fleet.vendor(), fleet.requests()]);
  return {
    worker,
    vendor,
    calls: vendor.counts.get + vendor.counts.list + vendor.counts.cancel,
    heartbeats: requests.get('RecordActivityTaskHeartbeat') ?? 0,
    serverCpuMs: cpuMsOf(fleet.server.pid),
  };
}

type Told = Pick<Figures, 'completed' | 'failed' | 'lags' | 'events' | 'actions' | 'taskTimeouts' | 'takenOver'>;

async function readHistories(
  fleet: Fleet,
  ends: [input: string, endedAt: number][],
  documents: number,
  heartbeats: number,
  killedAt: number,
): Promise<Told> {
  const endedAt = new Map(ends.map(([input, at]) => [numberIn(input), at]));
  const told: Told = { completed: 0, failed: 0, lags: [], events: 0, actions: 0, taskTimeouts: 0, takenOver: [] };
  const left = Array.from({ length: documents }, (_, at) => WARM + at);
  const read = async (): Promise<void> => {
    for (let n = left.pop(); n !== undefined; n = left.pop()) {
      const history = await fleet.client.workflow.getHandle(`document-${n}`).fetchHistory();
      const { events, actions } = historyCost(history);
      const last = history.events?.at(-1);
      told.events += events / documents;
      told.actions += actions / documents;
      told.taskTimeouts += history.events?.filter((event) => event.workflowTaskTimedOutEventAttributes).length ?? 0;
      const takenOver = heldAt(history.events ?? [], killedAt);
      if (takenOver !== null) told.takenOver.push(takenOver - killedAt);
      if (last?.workflowExecutionCompletedEventAttributes) {
        told.completed += 1;
        told.lags.push(timeOf(last) - (endedAt.get(n) ?? Number.NaN));
      } else told.failed += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, read));
  told.actions += heartbeats / documents;
  told.lags.sort((a, b) => a - b);
  return told;
}

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

const timeOf = ({ eventTime }: HistoryEvent): number =>
  Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6;

/** When somebody took what was scheduled before the kill and had not ended by then, or what was given to the dead worker afterwards; null when there was nothing. */
function heldAt(events: readonly HistoryEvent[], killedAt: number): number | null {
  let taken: number | null = null;
  let isTimedOut = false;
  for (const event of events) {
    const isAgain = (event.activityTaskStartedEventAttributes?.attempt ?? 1) > 1;
    const isTaskAgain: boolean = isTimedOut && Boolean(event.workflowTaskStartedEventAttributes);
    if ((isAgain || isTaskAgain) && timeOf(event) > killedAt) taken = Math.max(taken ?? 0, timeOf(event));
    isTimedOut = Boolean(event.workflowTaskTimedOutEventAttributes) || (isTimedOut && !isTaskAgain);
  }
  return taken;
}

/** The lag below which a share of the documents stay, ms. */
export const lagAt = ({ lags }: Figures, share: number): number =>
  Math.round(lags[Math.max(0, Math.ceil(lags.length * share) - 1)] ?? Number.NaN);
