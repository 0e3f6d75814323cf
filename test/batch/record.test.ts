import { describe, expect, it } from 'vitest';
import type { BatchDrive } from '../../src/batch/record/batch-drives.js';
import { batchKeys, COMPACT } from '../../src/batch/record/batch-keys.js';
import { batchDrives, batchRows, latestBatchRows } from '../../src/batch/record/index.js';
import { compactChunk, putDriveEnd, putRows } from '../../src/batch/record/write-segment.js';
import type { BatchRow } from '../../src/jobs/batch.js';
import { memoryStore, type ResultStore, ResultStoreError } from '../../src/results/index.js';
import { all, batchRow, faulty, keysOf, listed, planDrive } from '../support/batch-record.js';

const BATCH = 'batch/with a name';
const keys = batchKeys(BATCH);

async function started(store: ResultStore, drive: Partial<BatchDrive> = {}): Promise<BatchDrive> {
  return planDrive(store, { batchId: BATCH, ...drive });
}
const indexes = (rows: BatchRow[]): number[] => rows.map(({ index }) => index);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** One row a segment: row n is in segment n. */
async function segments(store: ResultStore, drive: BatchDrive, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at++) await putRows(store, keys.segment(drive.drive, at), [batchRow(at)]);
}

describe('batchRows', () => {
  it('is empty for a batch that is not planned', async () => {
    expect(await all(batchRows(memoryStore(), BATCH))).toEqual([]);
    expect(await batchDrives(memoryStore(), BATCH)).toEqual([]);
  });

  it('gives what is written so far, in order, and what the planner wrote first', async () => {
    const store = memoryStore();
    const drive = await started(store, { segments: 1, unusableRows: 2 });
    await putRows(store, keys.unusable(0, drive.planId, 0), [batchRow(0), batchRow(1)]);
    expect(indexes(await all(batchRows(store, BATCH)))).toEqual([0, 1]);
    await putRows(store, keys.segment(0, 1), [batchRow(2), batchRow(3)]);
    await putRows(store, keys.segment(0, 3), [batchRow(9)]);
    expect(indexes(await all(batchRows(store, BATCH)))).toEqual([0, 1, 2, 3]);
  });

  it('reads compacted chunks, whole and short ones', async () => {
    const store = listed(memoryStore());
    const drive = await started(store);
    const count = 2 * COMPACT + 7;
    await segments(store, drive, 0, count);
    await putDriveEnd(store, drive, { schemaVersion: 1, segments: count, endedAt: 'now' });
    for (const chunk of [0, 2, 1]) {
      expect(await compactChunk(store, drive, chunk, count)).toBe(true);
      expect(indexes(await all(batchRows(store, BATCH)))).toEqual(upTo(count));
    }
    expect(keysOf(store)).toEqual([
      keys.driveEnd(0),
      keys.drive(0),
      ...[0, 1, 2].map((chunk) => keys.compact(0, chunk)),
    ]);
  });

  it('says so when a segment of a drive that has ended is gone', async () => {
    const store = memoryStore();
    const drive = await started(store);
    await segments(store, drive, 0, 3);
    await putDriveEnd(store, drive, { schemaVersion: 1, segments: 3, endedAt: 'now' });
    await store.delete(keys.segment(0, 1));
    await expect(all(batchRows(store, BATCH))).rejects.toThrow(/000001\.jsonl: missing/);
  });

  it('goes on in the compacted object when segments are put together under its hands', async () => {
    const store = memoryStore();
    const drive = await started(store);
    await segments(store, drive, 0, COMPACT);
    const seen: number[] = [];
    for await (const { index } of batchRows(store, BATCH)) {
      seen.push(index);
      if (index === 40) await compactChunk(store, drive, 0, COMPACT);
    }
    expect(seen).toEqual(upTo(COMPACT));
  });

  it('waits for what is still to come when it is live, until the drive has ended', async () => {
    const store = memoryStore();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { index } of batchRows(store, BATCH, { live: true, everyMs: 1 })) seen.push(index);
    })();
    const drive = await started(store);
    await segments(store, drive, 0, COMPACT + 3);
    await expect.poll(() => seen.length).toBe(COMPACT + 3);
    await compactChunk(store, drive, 0, COMPACT + 3);
    await segments(store, drive, COMPACT + 3, COMPACT + 5);
    await putDriveEnd(store, drive, { schemaVersion: 1, segments: COMPACT + 5, endedAt: 'now' });
    await reading;
    expect(seen).toEqual(upTo(COMPACT + 5));
  });

  it('stops waiting when it is told to', async () => {
    const stop = new AbortController();
    const reading = all(batchRows(memoryStore(), BATCH, { live: true, everyMs: 60_000, signal: stop.signal }));
    stop.abort();
    await expect(reading).rejects.toThrow(/abort/i);
  });

  it('tries again when an object goes while it is opened', async () => {
    const inner = memoryStore();
    const drive = await started(inner);
    await segments(inner, drive, 0, 2);
    let failures = 2;
    const store: ResultStore = {
      ...inner,
      async get(key) {
        if (key === keys.segment(0, 1) && failures-- > 0) throw new ResultStoreError('gone meanwhile', true);
        return inner.get(key);
      },
    };
    expect(indexes(await all(batchRows(store, BATCH)))).toEqual([0, 1]);
  });
});

describe('compactChunk', () => {
  it('leaves a chunk alone that has a hole', async () => {
    const store = memoryStore();
    const drive = await started(store);
    await segments(store, drive, 0, COMPACT);
    await store.delete(keys.segment(0, 50));
    expect(await compactChunk(store, drive, 0, COMPACT)).toBe(false);
    expect(await store.head(keys.compact(0, 0))).toBeNull();
    expect(await store.head(keys.segment(0, 49))).not.toBeNull();
  });

  it('loses and doubles nothing, whichever of its calls to the store is the last', async () => {
    let calls = 0;
    for (let crashAt = 0; ; crashAt++) {
      const inner = memoryStore();
      const drive = await started(inner, { segments: 2 });
      for (const at of [0, 1]) await putRows(inner, keys.unusable(0, drive.planId, at), [batchRow(at)]);
      await segments(inner, drive, 2, COMPACT + 2);
      const broken = faulty(inner, crashAt);
      const first = await compactChunk(broken.store, drive, 0, COMPACT + 2).catch(() => 'crashed');
      calls = Math.max(calls, broken.calls());
      expect(indexes(await all(batchRows(inner, BATCH)))).toEqual(upTo(COMPACT + 2));
      if (first === 'crashed') expect(await compactChunk(inner, drive, 0, COMPACT + 2)).toBe(true);
      expect(indexes(await all(batchRows(inner, BATCH)))).toEqual(upTo(COMPACT + 2));
      expect(await inner.head(keys.unusable(0, drive.planId, 1))).toBeNull();
      if (first !== 'crashed') break;
    }
    expect(calls).toBeGreaterThan(2 * COMPACT);
  });
});

describe('latestBatchRows', () => {
  it('gives the last row of each document over all drives, and hides none behind an unusable row', async () => {
    const store = memoryStore();
    await started(store);
    const row = (index: number, state: BatchRow['state'], more: Partial<BatchRow> = {}): BatchRow => ({
      ...batchRow(index),
      state,
      ...more,
    });
    await putRows(store, keys.segment(0, 0), [
      row(0, 'done'),
      row(1, 'failed'),
      row(2, 'refused', { workflowId: null, id: 'document-1' }),
    ]);
    await putRows(store, keys.segment(0, 1), [row(3, 'failed')]);
    await started(store, { drive: 1 });
    await putRows(store, keys.segment(1, 0), [row(3, 'failed', { drive: 1 }), row(1, 'done', { drive: 1 })]);
    await started(store, { drive: 2 });
    await putRows(store, keys.segment(2, 0), [row(3, 'cancelled', { drive: 2 })]);
    const latest = (await all(latestBatchRows(store, BATCH))).map(({ index, state, drive }) => [index, state, drive]);
    expect(latest).toEqual([
      [0, 'done', 0],
      [2, 'refused', 0],
      [1, 'done', 1],
      [3, 'cancelled', 2],
    ]);
  });

  it('leaves out what is written while it reads', async () => {
    const store = memoryStore();
    const drive = await started(store);
    await segments(store, drive, 0, 5);
    const seen: number[] = [];
    for await (const { index } of latestBatchRows(store, BATCH)) {
      seen.push(index);
      if (index === 1) await segments(store, drive, 5, 9);
    }
    expect(seen).toEqual(upTo(5));
  });
});
