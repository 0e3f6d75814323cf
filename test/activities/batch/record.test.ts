import { describe, expect, it } from 'vitest';
import { batchDrives, batchRows } from '../../../src/batch/record/index.js';
import type { BatchActivities } from '../../../src/jobs/batch-activities.js';
import { memoryStore, type ResultStore, ResultStoreError } from '../../../src/results/index.js';
import { failureOf } from '../../support/activity-run.js';
import { all, batchRow, faulty, keysOf, listed, planDrive } from '../../support/batch-record.js';
import { BATCH_ID, batchStand } from '../../support/batch-plan.js';

type Segment = Parameters<BatchActivities['recordDocumentBatch']>[0];
const segment = (at: number, more: Partial<Segment> = {}): Segment => ({
  batchId: BATCH_ID,
  drive: 0,
  segment: at,
  rows: [batchRow(at)],
  ...more,
});

/** Records segments, each as often as it takes, as the workflow does it. */
async function recordAll(store: ResultStore, segments: Segment[]): Promise<number> {
  await using stand = await batchStand({ results: store });
  for (const [at, one] of segments.entries()) {
    const done = await stand
      .run(() => stand.activities.recordDocumentBatch(one))
      .then(
        () => true,
        () => false,
      );
    if (!done) return at;
  }
  return segments.length;
}
const indexes = async (store: ResultStore): Promise<number[]> =>
  (await all(batchRows(store, BATCH_ID))).map(({ index }) => index);

describe('recordDocumentBatch', () => {
  it('loses and doubles no row, whichever call to the store is the last of a worker', async () => {
    const count = 203;
    const segments = Array.from({ length: count }, (_, at) => segment(at, at === count - 1 ? { last: true } : {}));
    const whole = listed(memoryStore());
    await planDrive(whole, { batchId: BATCH_ID });
    const counted = faulty(whole, Infinity);
    expect(await recordAll(counted.store, segments)).toBe(count);
    expect(keysOf(whole).filter((key) => key.includes('/rows/'))).toHaveLength(3);
    // Every call around the two hundredth segment and the last one, some of the others.
    const calls = counted.calls();
    const moments = Array.from({ length: calls }, (_, at) => at).filter((at) => at > calls - 40 || at % 23 === 0);
    for (const crashAt of moments) {
      const inner = listed(memoryStore());
      await planDrive(inner, { batchId: BATCH_ID });
      const reached = await recordAll(faulty(inner, crashAt).store, segments);
      const seen = await indexes(inner);
      expect(seen).toEqual(seen.map((_, at) => at));
      expect(seen.length).toBeGreaterThanOrEqual(reached);
      expect(await recordAll(inner, segments.slice(reached))).toBe(count - reached);
      expect(await indexes(inner)).toEqual(segments.map((_, at) => at));
      expect(keysOf(inner)).toEqual(keysOf(whole));
    }
  }, 60_000);

  it.each([
    ['running', 7, false],
    ['at its end', 7, true],
    ['past a compacted chunk', 130, false],
    ['at its end, past a compacted chunk', 130, true],
  ])('loses no row when the workflow begins again while the drive is %s', async (_what, count, ended) => {
    const store = listed(memoryStore());
    await planDrive(store, { batchId: BATCH_ID });
    const first = Array.from({ length: count }, (_, at) =>
      segment(at, ended && at === count - 1 ? { last: true } : {}),
    );
    await recordAll(store, first);
    await using stand = await batchStand({ results: store });
    let next = 0;
    for (let at = 0; at < 5; at++) {
      const one = segment(next, { rows: [batchRow(1_000 + at)], again: true, ...(at === 4 ? { last: true } : {}) });
      const { segment: placed } = await stand.run(() => stand.activities.recordDocumentBatch(one));
      // A second attempt, too.
      expect(await stand.run(() => stand.activities.recordDocumentBatch({ ...one, segment: placed }))).toEqual(
        at === 4 ? expect.anything() : { segment: placed },
      );
      next = placed + 1;
    }
    const seen = new Set(await indexes(store));
    for (const at of first.keys()) expect(seen).toContain(at);
    for (let at = 0; at < 5; at++) expect(seen).toContain(1_000 + at);
  });

  it('keeps the first rows of a segment', async () => {
    const store = memoryStore();
    await planDrive(store, { batchId: BATCH_ID });
    await recordAll(store, [segment(0), segment(0, { rows: [batchRow(7)] })]);
    expect(await indexes(store)).toEqual([0]);
  });

  it('ends a drive that has no rows', async () => {
    const store = memoryStore();
    await planDrive(store, { batchId: BATCH_ID });
    await recordAll(store, [segment(0, { rows: [], last: true })]);
    expect((await batchDrives(store, BATCH_ID))[0]?.end).toMatchObject({ segments: 1 });
    expect(await indexes(store)).toEqual([]);
  });

  it('waits for a segment that is still on its way before it ends the drive', async () => {
    const store = memoryStore();
    await planDrive(store, { batchId: BATCH_ID });
    await using stand = await batchStand({ results: store });
    const last = () => stand.run(() => stand.activities.recordDocumentBatch(segment(1, { last: true })));
    await expect(last()).rejects.toMatchObject({ nonRetryable: false });
    await recordAll(store, [segment(0)]);
    await last();
    expect(await indexes(store)).toEqual([0, 1]);
  });

  it('does not write over the planner’s segments', async () => {
    const store = memoryStore();
    await planDrive(store, { batchId: BATCH_ID, segments: 2 });
    await using stand = await batchStand({ results: store });
    const failure = await failureOf(stand.run(() => stand.activities.recordDocumentBatch(segment(1))));
    expect(failure).toMatchObject({ type: 'DocumentInputInvalid', details: { field: 'segment' } });
  });

  it('says what the store says', async () => {
    await using stand = await batchStand();
    const record = (): Promise<unknown> => stand.run(() => stand.activities.recordDocumentBatch(segment(0)));
    expect(await failureOf(record())).toMatchObject({ type: 'DocumentResultStoreRefused' });
    const inner = memoryStore();
    await planDrive(inner, { batchId: BATCH_ID });
    const put = async () => Promise.reject(new ResultStoreError('no space left', true));
    await using full = await batchStand({ results: { ...inner, put } });
    await expect(full.run(() => full.activities.recordDocumentBatch(segment(0)))).rejects.toMatchObject({
      message: 'no space left',
      nonRetryable: false,
    });
  });
});
