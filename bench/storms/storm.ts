import { setTimeout as sleep } from 'node:timers/promises';
import { reducto } from '../../src/index.js';
import type { FaultRule } from '../../src/sandbox/index.js';
import { Random } from '../../test/support/random.js';
import type { Scaled } from '../arguments.js';
import type { BenchResult } from '../bench-result.js';
import { bundle, quietRuntime } from '../environment.js';
import type { VendorCall } from '../vendor-log.js';
import { readBooks } from './books.js';
import { type Ended, mixedDocuments, runDocuments } from './documents.js';
import { booksRows, brokenBooks, column, seconds } from './figures.js';
import { catchUp, readFigures, type CatchUp, type ReadFigures } from './reads.js';
import { openStage } from './stage.js';

const MINUTE_MS = 60_000;
/** Jobs take between a twentieth of it and twice as long. */
const JOB_MS = 40_000;
/** What Pulse's 429 asks for here; Reducto's asks for nothing, as the real one's. */
const RETRY_AFTER_MS = 20_000;
/** What a storm may cost a document. */
const MOST_READS = 40;

/** Every read is answered by 429 for two minutes, then three in ten for five. */
export async function storm({ scale, documents: count, seed }: Scaled): Promise<BenchResult> {
  quietRuntime();
  const random = new Random(seed);
  const [beforeMs, allMs, someMs] = [1, 2, 5].map((minutes) => minutes * MINUTE_MS * scale) as [number, number, number];
  const retryAfterMs = Math.max(1_000, Math.round((RETRY_AFTER_MS * scale) / 1_000) * 1_000);
  const codePath = await bundle('../src/workflows/index.ts');
  const duration = { baseMs: JOB_MS, perPageMs: 0, jitter: 0.95 };
  await using stage = await openStage(codePath, { seed, speed: 1 / scale, duration });
  const limitMs = beforeMs + allMs + someMs + 15 * MINUTE_MS;
  const running = runDocuments(stage, mixedDocuments(random, count, beforeMs, allMs + someMs), { limitMs });
  await sleep(beforeMs);
  console.error(`every read is answered by 429 for ${allMs / 1_000} s …`);
  stage.sandbox.faults.set(rateLimited(1, retryAfterMs));
  const begun = Date.now();
  await sleep(allMs);
  console.error(`three in ten are, for ${someMs / 1_000} s …`);
  stage.sandbox.faults.set(rateLimited(0.3, retryAfterMs));
  const lifted = Date.now();
  await sleep(someMs);
  console.error('none is …');
  stage.sandbox.faults.clear();
  const over = Date.now();
  const ended = await running;
  const books = await readBooks(ended, stage);
  const { calls } = stage.log;
  const retryAfter = (vendor: string): number => (vendor === 'pulse' ? retryAfterMs : 0);
  const whole = readFigures(calls, retryAfter);
  const during = readFigures(
    calls.filter(({ at }) => at >= begun && at < over),
    retryAfter,
  );
  const [afterAll, afterSome] = [catchUp(calls, lifted), catchUp(calls, over)];
  const most = mostRateLimited(ended, calls);
  const limit = reducto(stage.sandbox.reducto).quota.readsPerSecond ?? Infinity;
  const rows: Row[] = [
    ...booksRows([books]),
    ...readRows(whole, during),
    ['most reads of one document answered by 429', most],
    ...catchUpRows('first part', afterAll),
    ...catchUpRows('whole storm', afterSome),
  ];
  return {
    rows: rows.map(([figure, value = '']) => column(figure, { storm: value })),
    notes: [
      `scale ${scale}: ${allMs / 1_000} s of nothing but 429 to reads, then 30 % for ${someMs / 1_000} s; ` +
        `half of the documents from ${beforeMs / 1_000} s before it, half while it lasts; seed ${seed}`,
      `Pulse's 429 asks for ${retryAfterMs / 1_000} s, Reducto's for nothing`,
      ...books.troubles,
    ],
    broken: [
      ...brokenBooks('storm', books),
      ...brokenReads(whole, [afterAll, afterSome], limit),
      ...(most > MOST_READS ? [`${most} reads of one document were answered by 429, more than ${MOST_READS}`] : []),
    ],
  };
}

function rateLimited(probability: number, retryAfterMs: number): FaultRule[] {
  const answer = {
    status: 429,
    headers: { 'retry-after': String(retryAfterMs / 1_000) },
    body: { error: { message: 'Rate limit exceeded' } },
  };
  return [
    { on: 'get', provider: 'reducto', do: 'rate-limited', probability },
    { on: 'get', provider: 'pulse', do: answer, probability },
  ];
}

/** Of all jobs of a document together. */
function mostRateLimited(ended: readonly Ended[], calls: readonly VendorCall[]): number {
  const limited = calls.filter(({ kind, answer }) => kind === 'get' && answer === 'rate limited');
  const counts = ended.map(({ receipt }) => {
    const own = new Set(receipt?.jobs.map(({ jobId }) => jobId));
    return limited.filter(({ jobId }) => own.has(jobId)).length;
  });
  return Math.max(...counts);
}

type Row = [figure: string, ...values: (string | number)[]];

function readRows(whole: ReadFigures, during: ReadFigures): Row[] {
  return [
    ['reads', whole.reads],
    ['reads while it lasted', during.reads],
    ['of these answered by 429', during.rateLimited],
    ['most reads of one job', whole.mostOfOneJob],
    ['most reads of one vendor in 1 s', whole.mostInOneSecond],
    ['shortest gap of one job', seconds(whole.shortestGapMs)],
    ['shortest gap after a 429', seconds(whole.shortestGapAfter429Ms)],
    ['reads before they were allowed', whole.tooEarly],
  ];
}

const catchUpRows = (after: string, { jobs, p50Ms, maxMs, gapMs, late }: CatchUp): Row[] => [
  [`after the ${after}: jobs that were refused last`, jobs],
  [`… looked for again after, p50`, seconds(p50Ms)],
  [`… max`, seconds(maxMs)],
  [`… poll gap allowed to them`, seconds(gapMs)],
  [`… later than their own`, late],
];

function brokenReads({ tooEarly, mostInOneSecond }: ReadFigures, ends: CatchUp[], limit: number): string[] {
  const late = ends.reduce((sum, one) => sum + one.late, 0);
  return [
    ...(tooEarly > 0 ? [`${tooEarly} reads came before they were allowed`] : []),
    ...(mostInOneSecond > limit ? [`${mostInOneSecond} reads in one second, the account has ${limit}`] : []),
    ...(late > 0 ? [`${late} jobs were looked for later than a poll gap after the storm`] : []),
  ];
}
