import type { BenchResult } from '../bench-result.js';
import { type Figures, lagAt, measureFleet, type Wanted } from './measure.js';
import type { Strategy } from './messages.js';

const SECOND = 1_000;

/** What must hold, from the run of the same name. */
interface Promised {
  p50?: number;
  p99?: number;
  requests?: number;
  events?: number;
  actions?: number;
  rssMb?: number;
  noTaskTimeouts?: true;
}

interface Case extends Pick<Wanted, 'documents' | 'jobMs' | 'startsPerSecond' | 'vendor' | 'maxCachedWorkflows'> {
  strategy: Strategy;
  promised?: Promised;
}

const STRATEGIES: readonly Strategy[] = ['ours', 'ours, webhook', 'naive loop', 'retry as poll'];
const FLAT = { requests: 1.2, events: 22, actions: 7 };

function casesOf(size: number): Case[] {
  const minute = { jobMs: 60 * SECOND, startsPerSecond: 40, documents: size };
  if (size === 10_000) {
    const promised = { p50: 2.5 * SECOND, p99: 6 * SECOND, rssMb: 1_200, noTaskTimeouts: true } as const;
    return [{ documents: size, jobMs: 600 * SECOND, startsPerSecond: 25, strategy: 'ours', promised }];
  }
  if (size === 3_000) {
    return [
      { ...minute, strategy: 'ours', promised: { ...FLAT, p50: 2 * SECOND, p99: 4 * SECOND } },
      { ...minute, strategy: 'ours, webhook', promised: { p50: 0.5 * SECOND } },
    ];
  }
  return STRATEGIES.map((strategy) => ({ ...minute, strategy }));
}

/** N documents in flight, one way of waiting after the other. */
export async function wait(size: number): Promise<BenchResult> {
  const rows: object[] = [];
  const broken: string[] = [];
  const told = new Map<Strategy, Figures>();
  for (const { promised, ...one } of casesOf(size)) {
    console.error(`${one.strategy}, ${one.documents} documents …`);
    const figures = await measureFleet(one);
    told.set(one.strategy, figures);
    rows.push(rowOf(one, figures));
    broken.push(...brokenBy(one, figures, promised ?? {}));
  }
  const [ours, naive] = [told.get('ours'), told.get('naive loop')];
  if (ours !== undefined && naive !== undefined) {
    const lag = lagAt(ours, 0.99) / lagAt(naive, 0.99);
    const cpu = cpuOf(ours) / cpuOf(naive);
    rows.push({ strategy: 'ours / naive loop', 'lag p99 s': round(lag), 'CPU ms server + worker': round(cpu) });
    if (lag > 0.25) broken.push(`lag p99 is ${round(lag)} of the naive loop's, more than 0.25`);
    if (cpu > 0.3) broken.push(`CPU a document is ${round(cpu)} of the naive loop's, more than 0.3`);
  }
  return {
    rows,
    broken,
    notes: [
      'lag: from the end of the job at the vendor to the end of its workflow; actions: billable ones, heartbeats that reached the server counted; the submit is not counted among reads and lists',
      'retry as poll: an activity that the server retries every 5 s; naive loop: sleep 2 s and ask',
    ],
  };
}

const rowOf = ({ strategy, documents, jobMs }: Case, figures: Figures): object => ({
  strategy,
  N: documents,
  'job s': jobMs / SECOND,
  'lag p50 s': lagAt(figures, 0.5) / SECOND,
  p90: lagAt(figures, 0.9) / SECOND,
  p99: lagAt(figures, 0.99) / SECOND,
  'starts/s': round(figures.startRate),
  events: round(figures.events),
  actions: round(figures.actions),
  'reads + lists': round(figures.requests),
  '429s': figures.refused,
  'CPU ms server + worker': `${Math.round(figures.serverCpuMs)} + ${Math.round(figures.workerCpuMs)}`,
  'RSS MB server, worker': `${figures.serverMb}, ${figures.workerPeakMb}`,
  'task time-outs': figures.taskTimeouts,
  lost: documents - figures.completed,
});

function brokenBy({ strategy, documents }: Case, figures: Figures, promised: Promised): string[] {
  const { p50 = Infinity, p99 = Infinity, requests = Infinity, events = Infinity, actions = Infinity } = promised;
  const name = `${strategy}, N = ${documents}`;
  return [
    ...(figures.completed < documents ? [`${name}: ${documents - figures.completed} did not complete`] : []),
    ...(figures.paidTwice > 0 ? [`${name}: ${figures.paidTwice} paid twice`] : []),
    ...(lagAt(figures, 0.5) > p50 ? [`${name}: lag p50 over ${p50} ms`] : []),
    ...(lagAt(figures, 0.99) > p99 ? [`${name}: lag p99 over ${p99} ms`] : []),
    ...(figures.requests > requests ? [`${name}: more than ${requests} vendor requests a document`] : []),
    ...(figures.events > events + 0.05 ? [`${name}: more than ${events} events a document`] : []),
    ...(figures.actions > actions ? [`${name}: more than ${actions} actions a document`] : []),
    ...(figures.workerPeakMb > (promised.rssMb ?? Infinity) ? [`${name}: worker RSS over ${promised.rssMb} MB`] : []),
    ...(promised.noTaskTimeouts && figures.taskTimeouts > 0 ? [`${name}: workflow tasks timed out`] : []),
  ];
}

const cpuOf = ({ serverCpuMs, workerCpuMs }: Figures): number => serverCpuMs + workerCpuMs;
const round = (value: number): number => Math.round(value * 100) / 100;
