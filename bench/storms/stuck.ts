import type { FaultRule } from '../../src/sandbox/index.js';
import type { Operation } from '../../src/jobs/types.js';
import { Random } from '../../test/support/random.js';
import type { Scaled } from '../arguments.js';
import type { BenchResult } from '../bench-result.js';
import { bundle, quietRuntime } from '../environment.js';
import type { VendorCall } from '../vendor-log.js';
import { type Ended, runDocuments, type Wanted } from './documents.js';
import { column, seconds, shareOf } from './figures.js';
import { openStage } from './stage.js';

/** Of each job. */
const DEADLINE_MS = 5 * 60_000;
const JOB_MS = 20_000;
/** A job's deadline may be that much over when the vendor is asked to cancel it. */
const PROMPT_MS = 5_000;

interface Case {
  name: string;
  /** Which jobs never end. */
  stuck: 'parse' | 'extract';
  /** What else goes wrong. */
  faults: FaultRule[];
  outcome: 'cancelled' | 'unknown';
}

const CASES: readonly Case[] = [
  { name: 'parse stuck', stuck: 'parse', faults: [], outcome: 'cancelled' },
  { name: 'extract stuck', stuck: 'extract', faults: [], outcome: 'cancelled' },
  {
    name: 'first cancels refused',
    stuck: 'parse',
    faults: [{ on: 'cancel', call: { from: 1, to: 20 }, do: { status: 503 } }],
    outcome: 'cancelled',
  },
  { name: 'cancel ignored', stuck: 'parse', faults: [{ job: { cancel: 'ignored' } }], outcome: 'unknown' },
];

interface Figures {
  documents: number;
  stuck: number;
  /** Ended as `DocumentJobDeadlineExceeded` that names the job and what became of it. */
  reported: number;
  /** The same in a document that has its other results. */
  inPart: number;
  outcomes: string;
  askedToCancel: number;
  cancelled: number;
  leftRunning: number;
  /** From the submit to the first cancel that the vendor got, ms. The deadline's clock begins a moment before the submit. */
  cancelledAfter: number[];
  /** How other documents ended. */
  others: string[];
}

/** Jobs that never end by themselves, each with a deadline; all cases at once. */
export async function stuck({ scale, documents, seed }: Scaled): Promise<BenchResult> {
  quietRuntime();
  const deadlineMs = DEADLINE_MS * scale;
  const codePath = await bundle('../src/workflows/index.ts');
  console.error(`jobs that never end, each with a deadline of ${seconds(deadlineMs)} …`);
  const each = Math.ceil(documents / CASES.length);
  const all = await Promise.all(CASES.map((one) => endStuck(one, each, deadlineMs, { scale, seed }, codePath)));
  const rows: [string, ...(string | number)[]][] = [
    ['documents', ...all.map((one) => one.documents)],
    ['stuck jobs', ...all.map((one) => one.stuck)],
    ['ended by the deadline, and reported', ...all.map((one) => one.reported)],
    ['of these with their other results', ...all.map((one) => one.inPart)],
    ['reported as', ...all.map((one) => one.outcomes)],
    ['vendor asked to cancel', ...all.map((one) => one.askedToCancel)],
    ['cancelled at the vendor', ...all.map((one) => one.cancelled)],
    ['left running at the vendor', ...all.map((one) => one.leftRunning)],
    ['from submit to cancel, p50', ...all.map((one) => seconds(shareOf(one.cancelledAfter, 0.5)))],
    ['from submit to cancel, max', ...all.map((one) => seconds(shareOf(one.cancelledAfter, 1)))],
  ];
  return {
    rows: rows.map(([figure, ...values]) =>
      column(figure, Object.fromEntries(CASES.map(({ name }, index) => [name, values[index] ?? '']))),
    ),
    notes: [`scale ${scale}: each job has a deadline of ${seconds(deadlineMs)}; seed ${seed}`],
    broken: all.flatMap((figures, index) => brokenPromises(CASES[index]!, figures, deadlineMs)),
  };
}

async function endStuck(
  one: Case,
  count: number,
  deadlineMs: number,
  { scale, seed }: Pick<Scaled, 'scale' | 'seed'>,
  codePath: string,
): Promise<Figures> {
  const faults: FaultRule[] = [{ job: 'stuck', operation: one.stuck }, ...one.faults];
  const duration = { baseMs: JOB_MS, perPageMs: 0, jitter: 0.5 };
  await using stage = await openStage(codePath, { seed, speed: 1 / scale, duration, faults });
  const random = new Random(seed);
  const operations: readonly Operation[] = one.stuck === 'parse' ? ['parse'] : ['parse', 'extract', 'split'];
  const wanted = Array.from({ length: count }, (_, index): Wanted => {
    return { vendor: index % 2 === 0 ? 'reducto' : 'pulse', operations, afterMs: random.next() * 10_000 };
  });
  const ended = await runDocuments(stage, wanted, {
    input: { jobDeadline: deadlineMs, polling: { cancelSettle: '10s' } },
    limitMs: 3 * deadlineMs + 5 * 60_000,
  });
  const jobs = stage.sandbox.ledger.accepted(one.stuck);
  const failures = ended.flatMap((end) => deadlineFailures(end));
  const lives = jobs.map(({ jobId }) => lifeOf(stage.log.calls, jobId));
  return {
    documents: ended.length,
    stuck: jobs.length,
    reported: failures.filter(({ jobId }) => jobs.some((job) => job.jobId === jobId)).length,
    inPart: ended.filter(({ end }) => end.kind === 'result' && end.result.status === 'partial').length,
    outcomes: [...new Set(failures.map(({ outcome }) => outcome))].join(', '),
    askedToCancel: lives.filter((ms) => ms !== null).length,
    cancelled: jobs.filter(({ state }) => state === 'Cancelled').length,
    leftRunning: stage.sandbox.ledger.accepted().filter(({ endedAt }) => endedAt === null).length,
    cancelledAfter: lives.filter((ms) => ms !== null).sort((a, b) => a - b),
    others: ended.filter((end) => deadlineFailures(end).length === 0).map(({ end }) => JSON.stringify(end)),
  };
}

interface Reported {
  jobId: string | undefined;
  outcome: string | undefined;
}

/** As the document's end and its receipt tell of them. */
function deadlineFailures({ end, receipt }: Ended): Reported[] {
  const failures = end.kind === 'result' ? end.result.failures : end.kind === 'failed' ? [end.failure] : [];
  return failures.flatMap((failure) => {
    if (failure.type !== 'DocumentJobDeadlineExceeded') return [];
    const jobId = 'details' in failure ? (failure.details as { jobId?: string }).jobId : failure.jobId;
    return [{ jobId, outcome: receipt?.jobs.find((job) => job.jobId === jobId)?.outcome }];
  });
}

function lifeOf(calls: readonly VendorCall[], jobId: string): number | null {
  const at = (kind: string): number => calls.find((call) => call.kind === kind && call.jobId === jobId)?.at ?? NaN;
  const life = at('cancel') - at('submit');
  return Number.isNaN(life) ? null : life;
}

function brokenPromises({ name, outcome }: Case, figures: Figures, deadlineMs: number): string[] {
  const { stuck: jobs, reported, outcomes, askedToCancel, cancelled, leftRunning, others } = figures;
  const longest = shareOf(figures.cancelledAfter, 1);
  const obeys = outcome === 'cancelled';
  return [
    ...(reported === jobs ? [] : [`${jobs - reported} of ${jobs} were not reported`]),
    ...(outcomes === outcome ? [] : [`reported as ${outcomes}, not ${outcome}`]),
    ...(askedToCancel === jobs ? [] : [`the vendor was not asked to cancel ${jobs - askedToCancel}`]),
    ...(cancelled === (obeys ? jobs : 0) ? [] : [`${cancelled} of ${jobs} were cancelled`]),
    ...(leftRunning === (obeys ? 0 : jobs) ? [] : [`${leftRunning} were left running`]),
    ...(longest <= deadlineMs + PROMPT_MS ? [] : [`a cancel came ${seconds(longest)} after the submit`]),
    ...others.map((end) => `a document ended otherwise: ${end}`),
  ].map((promise) => `${name}: ${promise}`);
}
