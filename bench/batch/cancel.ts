import { setTimeout as sleep } from 'node:timers/promises';
import { changeBatch, startBatch } from '../../src/client/index.js';
import { recordOf, watchBatch } from './run-batch.js';
import { numbered, openStage } from './stage.js';
import type { Part } from './steering.js';

const LIMIT_MS = 30 * 60_000;
const JOB_MS = 600_000;
/** Of the documents run when the batch is cancelled: 2,000 of 20,000. */
const RUNNING_SHARE = 0.1;
/** A batch has no wider window. */
const MOST = 2_000;
/** The vendor's published limit, which the governor keeps; nothing refuses more here. */
const READS_A_SECOND = 200;
/** Of a job that is cancelled: the look at what became of it, and one more where that comes too early. */
const READS_A_JOB = 3;

/** A batch that is cancelled while many jobs run. */
export async function cancel(documents: number): Promise<Part> {
  await using stage = await openStage({ vendor: { jobMs: JOB_MS } });
  const running = Math.min(MOST, Math.ceil(documents * RUNNING_SHARE));
  const manifest = await stage.manifest('manifest', numbered(documents));
  const input = { manifest, window: running, startsPerSecond: 40 };
  const { batchId } = await startBatch(stage.client, input, { taskQueue: stage.taskQueue });
  const until = Date.now() + LIMIT_MS;
  while ((await stage.vendor()).running < running) {
    if (Date.now() > until) throw new Error(`${running} jobs never ran at once`);
    await sleep(500);
  }
  const before = await stage.vendor();
  const asked = Date.now();
  await changeBatch(stage.client, batchId, { cancel: true });
  const status = await watchBatch(stage, batchId, { limitMs: LIMIT_MS });
  const vendor = await stage.vendor();
  const lastEnd = Math.max(...vendor.ends.map(([, at]) => at));
  const rows = await recordOf(stage, batchId);
  const reads = (vendor.counts.get - before.counts.get) / running;
  const recorded = rows.filter(({ state }) => state === 'cancelled').length;
  const promises: [boolean, string][] = [
    [vendor.ends.length === running, `${vendor.ends.length} jobs were accepted, not ${running}`],
    [vendor.cancelled === vendor.ends.length, `${vendor.cancelled} of ${vendor.ends.length} jobs are cancelled`],
    [vendor.running === 0, `${vendor.running} jobs run still`],
    [status.ended.cancelled === running && recorded === running, `${recorded} documents are recorded as cancelled`],
    [vendor.mostReadsASecond <= READS_A_SECOND, `${vendor.mostReadsASecond} reads in one second`],
    [reads <= READS_A_JOB, `${round(reads)} reads a job after the cancel, more than ${READS_A_JOB}`],
  ];
  const figures: [string, number][] = [
    ['jobs running', running],
    ['cancelled at the vendor', vendor.cancelled],
    ['documents recorded as cancelled', recorded],
    ['all cancelled at the vendor after, s', round((lastEnd - asked) / 1_000)],
    ['batch ended after, s', round((Date.parse(status.endedAt ?? '') - asked) / 1_000)],
    ['reads a job after the cancel', round(reads)],
    ['reads a second at most', vendor.mostReadsASecond],
  ];
  return {
    rows: figures.map(([figure, value]) => ({ part: 'cancel', figure, value })),
    broken: promises.filter(([holds]) => !holds).map(([, words]) => `cancel: ${words}`),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
