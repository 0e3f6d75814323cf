import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '../../src/sandbox/index.js';
import { Random } from '../../test/support/random.js';
import type { Scaled } from '../arguments.js';
import type { BenchResult } from '../bench-result.js';
import { bundle, quietRuntime } from '../environment.js';
import { readBooks, type Books } from './books.js';
import { type Ended, mixedDocuments, runDocuments } from './documents.js';
import { booksRows, brokenBooks, column, seconds, shareOf } from './figures.js';
import { openStage, type Stage } from './stage.js';

const MINUTE_MS = 60_000;
const JOB_MS = 40_000;

interface Case {
  name: string;
  /** How long each is down, ms; both from the same moment on. */
  vendorMs: number;
  temporalMs: number;
}

interface Survived {
  books: Books;
  /** From the beginning of the outage until all answered again, ms. */
  downMs: number;
  /** From the end of the outage to the end of each document that was asked for before that, ms. */
  catchUps: number[];
}

/** The vendor, Temporal, or both are down for a while; each case on servers of its own, all cases at once. */
export async function outage({ scale, documents, seed }: Scaled): Promise<BenchResult> {
  quietRuntime();
  const [beforeMs, vendorMs, temporalMs] = [1, 30, 5].map((minutes) => minutes * MINUTE_MS * scale) as [
    number,
    number,
    number,
  ];
  const cases: Case[] = [
    { name: 'vendor down', vendorMs, temporalMs: 0 },
    { name: 'Temporal down', vendorMs: 0, temporalMs },
    { name: 'both down', vendorMs, temporalMs },
  ];
  const codePath = await bundle('../src/workflows/index.ts');
  const survived = await Promise.all(cases.map((one) => survive(one, { scale, documents, seed }, beforeMs, codePath)));
  const all = survived.map(({ books }) => books);
  const perCase = (of: (one: Survived) => string): string[] => survived.map(of);
  const rows: [string, ...(string | number)[]][] = [
    ['vendor down for', ...cases.map((one) => seconds(one.vendorMs))],
    ['Temporal down for', ...cases.map((one) => seconds(one.temporalMs))],
    ['all answered again after', ...perCase(({ downMs }) => seconds(downMs))],
    ...booksRows(all),
    ['documents open when it was over', ...perCase(({ catchUps }) => String(catchUps.length))],
    ['ended after that, p50', ...perCase(({ catchUps }) => seconds(shareOf(catchUps, 0.5)))],
    ['ended after that, max', ...perCase(({ catchUps }) => seconds(shareOf(catchUps, 1)))],
  ];
  return {
    rows: rows.map(([figure, ...values]) =>
      column(figure, Object.fromEntries(cases.map(({ name }, index) => [name, values[index] ?? '']))),
    ),
    notes: [
      `scale ${scale}; half of the documents from ${seconds(beforeMs)} before, half while it lasts; seed ${seed}`,
      'Reducto down: 502 to every call, and the replies of its first three submits lost; Pulse down: connections cut, then refused',
      'Temporal down: killed with -9, started again on its database',
      ...survived.flatMap(({ books }, index) => books.troubles.map((trouble) => `${cases[index]?.name}: ${trouble}`)),
    ],
    broken: survived.flatMap(({ books }, index) => brokenBooks(cases[index]?.name ?? '', books)),
  };
}

async function survive(
  { name, vendorMs, temporalMs }: Case,
  { scale, documents: count, seed }: Scaled,
  beforeMs: number,
  codePath: string,
): Promise<Survived> {
  const duration = { baseMs: JOB_MS, perPageMs: 0, jitter: 0.95 };
  await using stage = await openStage(codePath, { seed, speed: 1 / scale, duration });
  const lastsMs = Math.max(vendorMs, temporalMs);
  const limitMs = beforeMs + 1.5 * lastsMs + 10 * MINUTE_MS;
  const running = runDocuments(stage, mixedDocuments(new Random(seed), count, beforeMs, lastsMs), { limitMs });
  await sleep(beforeMs);
  console.error(`${name}: for ${seconds(lastsMs)} …`);
  const begun = Date.now();
  await Promise.all([stopVendors(stage, vendorMs), stopTemporal(stage, temporalMs)]);
  const over = Date.now();
  console.error(`${name}: over`);
  const ended = await running;
  console.error(`${name}: all documents have ended`);
  return { books: await readBooks(ended, stage), downMs: over - begun, catchUps: catchUpsOf(ended, over) };
}

const DOWN: FaultRule[] = [
  { on: 'submit', provider: 'reducto', call: { from: 1, to: 3 }, do: 'drop-after-accept' },
  ...(['submit', 'get', 'list', 'cancel'] as const).map((on) => ({ on, provider: 'reducto', do: 'html-502' }) as const),
];

async function stopVendors({ sandbox, pulseDoor }: Stage, forMs: number): Promise<void> {
  if (forMs === 0) return;
  sandbox.faults.set(DOWN);
  await pulseDoor.shut();
  await sleep(forMs);
  sandbox.faults.clear();
  await pulseDoor.open();
}

async function stopTemporal({ temporal }: Stage, forMs: number): Promise<void> {
  if (forMs === 0) return;
  await temporal.kill();
  await sleep(forMs);
  await temporal.startAgain();
}

const catchUpsOf = (ended: readonly Ended[], over: number): number[] =>
  ended
    .map(({ at }) => at - over)
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
