import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchRow } from '../../jobs/batch.js';
import { readObject } from '../../results/read-object.js';
import { ResultStoreError } from '../../results/result-store.js';
import { textLines } from '../text-lines.js';
import { type BatchDrive, readBatchDrive, readDriveEnd, type RecordStore } from './batch-drives.js';
import { type BatchKeys, batchKeys, COMPACT } from './batch-keys.js';

export interface BatchRowsOptions {
  /** Only this drive. Default: all, in their order. */
  drive?: number;
  /** Wait for rows that are still to come, until the (last) drive has ended. Default false: what is there now. */
  live?: boolean;
  /** How often to look for them, ms. Default 2,000. */
  everyMs?: number;
  /** Ends the waiting: the reader then throws an `AbortError`. */
  signal?: AbortSignal;
}

/** A row that the worker could write is not longer. */
const MAX_ROW_BYTES = 16 * 1024 * 1024;
/** A segment may go while it is opened, when it is put together with others at that moment; that it happens twice is no accident. */
const TRIES = 5;

/**
 * The rows of a batch's record in the order in which they were written, in flat memory, also while the batch runs. A document that was done
 * again has several: see `latestBatchRows`.
 * @throws {ResultStoreError} as the store does, or when the record is damaged.
 */
export async function* batchRows(
  store: RecordStore,
  batchId: string,
  options: BatchRowsOptions = {},
): AsyncGenerator<BatchRow, void, undefined> {
  const { drive: only, live = false, everyMs = 2_000, signal } = options;
  const wait = (): Promise<void> => sleep(everyMs, undefined, signal && { signal });
  for (let at = only ?? 0; ; at++) {
    let drive = await readBatchDrive(store, batchId, at);
    while (drive === null && live && at === (only ?? 0)) {
      await wait();
      drive = await readBatchDrive(store, batchId, at);
    }
    if (drive === null) return;
    yield* rowsOfDrive(store, drive, live ? () => waitFor(store, batchId, at, wait) : null);
    if (only !== undefined) return;
  }
}

/** @returns false when no more rows of the drive come: a later drive has begun. */
async function waitFor(
  store: RecordStore,
  batchId: string,
  drive: number,
  wait: () => Promise<void>,
): Promise<boolean> {
  if ((await readBatchDrive(store, batchId, drive + 1)) !== null) return false;
  await wait();
  return true;
}

async function* rowsOfDrive(
  store: RecordStore,
  drive: BatchDrive,
  wait: (() => Promise<boolean>) | null,
): AsyncGenerator<BatchRow> {
  for (let chunk = 0; ; chunk++) {
    const rows = new ChunkRows(store, drive, chunk);
    yield* rows.read();
    while (!rows.isWhole) {
      // Asked after the look at the segments, which it may have come after: a drive has all its segments before its end.
      const end = await readDriveEnd(store, drive.batchId, drive.drive);
      if (end !== null) {
        yield* rows.read();
        if (rows.next < end.segments && !rows.isWhole) throw damaged(drive, rows.next);
        if (rows.next >= end.segments) return;
      } else {
        if (wait === null || !(await wait())) return;
        yield* rows.read();
      }
    }
  }
}

/** The segments of one compacted object, wherever they lie at the moment. */
class ChunkRows {
  /** First segment that has not been read. */
  next: number;
  /** All of the chunk has been read. */
  isWhole = false;
  readonly #keys: BatchKeys;
  /** Rows that were read: they come first in the compacted object as well. */
  #rows = 0;

  constructor(
    private readonly store: RecordStore,
    private readonly drive: BatchDrive,
    private readonly chunk: number,
  ) {
    this.next = chunk * COMPACT;
    this.#keys = batchKeys(drive.batchId);
  }

  /** What is there and was not read. */
  async *read(): AsyncGenerator<BatchRow> {
    const end = (this.chunk + 1) * COMPACT;
    if (this.next === this.chunk * COMPACT && (yield* this.#compacted())) return;
    while (this.next < end) {
      const bytes = await this.#segment(this.next);
      if (bytes === null) {
        yield* this.#compacted();
        return;
      }
      this.next += 1;
      for (const row of rowsOf(bytes)) {
        this.#rows += 1;
        yield row;
      }
    }
    this.isWhole = true;
  }

  /** @returns whether there is such an object. */
  async *#compacted(): AsyncGenerator<BatchRow, boolean> {
    const bytes = await this.store.get(this.#keys.compact(this.drive.drive, this.chunk));
    if (bytes === null) return false;
    let left = this.#rows;
    for await (const { text } of textLines(bytes, MAX_ROW_BYTES)) if (left-- <= 0) yield rowOf(text);
    this.next = (this.chunk + 1) * COMPACT;
    this.isWhole = true;
    return true;
  }

  async #segment(segment: number): Promise<Uint8Array | null> {
    const key = segmentKey(this.#keys, this.drive, segment);
    for (let attempt = 1; ; attempt++) {
      try {
        return await readObject(this.store, key);
      } catch (error) {
        if (attempt === TRIES || !(error instanceof ResultStoreError && error.retryable)) throw error;
      }
    }
  }
}

/** Where a segment of a drive lies before it is compacted. */
export const segmentKey = (
  keys: BatchKeys,
  { drive, planId, segments }: Pick<BatchDrive, 'drive' | 'planId' | 'segments'>,
  segment: number,
): string => (segment < segments ? keys.unusable(drive, planId, segment) : keys.segment(drive, segment));

function* rowsOf(bytes: Uint8Array): Generator<BatchRow> {
  for (const line of Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').split('\n')) {
    if (line !== '') yield rowOf(line);
  }
}

function rowOf(line: string | null): BatchRow {
  try {
    return JSON.parse(line ?? '') as BatchRow;
  } catch {
    throw new ResultStoreError('batch record: a line is no row: the object was changed in the store', false);
  }
}

const damaged = ({ batchId, drive }: BatchDrive, segment: number): ResultStoreError =>
  new ResultStoreError(`batch record: ${batchKeys(batchId).segment(drive, segment)}: missing, though written`, false);
