import type { BatchRowInput } from '../../src/jobs/batch.js';
import { recordOf, runBatch } from './run-batch.js';
import { numbered, openStage, type Stage } from './stage.js';
import type { Part } from './steering.js';

const LIMIT_MS = 3 * 3_600_000;
const TENANTS = 10;
const EACH = 10;
/** Of what they take alone. */
const MAX_SHARE = 2;
/** Documents of the large tenant: 10,000 of 20,000. */
const LARGE_SHARE = 0.5;
const WARM = 40;
const PACE = { window: 200, startsPerSecond: 20 };

/** Ten small tenants alone, and then beside a large one that is listed before them. */
export async function fairness(documents: number): Promise<Part> {
  await using stage = await openStage({ vendor: { jobMs: 2_500 } });
  const large = Math.ceil(documents * LARGE_SHARE);
  // The first documents of a worker pay for its warming up.
  await finished(stage, 'warm', numbered(WARM, 1_000_000));
  const alone = await finished(stage, 'alone', small(2_000_000));
  const many = numbered(large).map((row) => ({ ...row, tenant: 'large' }));
  const beside = await finished(stage, 'beside', [...many, ...small(3_000_000)]);
  const shares = [...alone].map(([tenant, seconds]) => (beside.get(tenant) ?? Number.NaN) / seconds);
  const worst = Math.max(...shares);
  const last = (times: Map<string, number>): number => Math.max(...smallOnes.map((name) => times.get(name) ?? NaN));
  const figures: [string, number][] = [
    ['documents of the large tenant', large],
    ['documents of each of the ten small ones', EACH],
    ['the small ones alone: the last has all after, s', round(last(alone))],
    ['beside the large one: the last has all after, s', round(last(beside))],
    ['the large one has all after, s', round(beside.get('large') ?? Number.NaN)],
    ['the worst of the small ones, × its time alone', round(worst)],
  ];
  return {
    rows: figures.map(([figure, value]) => ({ part: 'fairness', figure, value })),
    broken: worst <= MAX_SHARE ? [] : [`fairness: a small tenant took ${round(worst)} × its time alone`],
  };
}

const smallOnes = Array.from({ length: TENANTS }, (_none, at) => `small ${at}`);

const small = (from: number): BatchRowInput[] =>
  numbered(TENANTS * EACH, from).map((row, at) => ({ ...row, tenant: smallOnes[Math.floor(at / EACH)] ?? '' }));

/** When each tenant had all of its documents, s after the batch began. */
async function finished(stage: Stage, name: string, list: BatchRowInput[]): Promise<Map<string, number>> {
  const manifest = await stage.manifest(name, list);
  const status = await runBatch(stage, { manifest, ...PACE }, { limitMs: LIMIT_MS });
  if (status.ended.done !== list.length) throw new Error(`${name}: ${JSON.stringify(status.ended)}`);
  const times = new Map<string, number>();
  for (const { tenant = '', endedAt } of await recordOf(stage, status.batchId)) {
    const seconds = (Date.parse(endedAt ?? '') - Date.parse(status.startedAt)) / 1_000;
    times.set(tenant, Math.max(times.get(tenant) ?? 0, seconds));
  }
  return times;
}

const round = (value: number): number => Math.round(value * 100) / 100;
