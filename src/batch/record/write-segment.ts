import type { BatchRow } from '../../jobs/batch.js';
import { readObject } from '../../results/read-object.js';
import type { ResultStore } from '../../results/result-store.js';
import { sha256 } from '../../results/sha256.js';
import { type BatchDrive, type BatchDriveEnd, readDriveEnd } from './batch-drives.js';
import { batchKeys, COMPACT } from './batch-keys.js';
import { segmentKey } from './batch-rows.js';

const JSON_LINES = 'application/x-ndjson';

/** Writes rows as an object of the record. One that is there stays as it is. @returns whether the object has these rows. */
export async function putRows(store: ResultStore, key: string, rows: readonly BatchRow[]): Promise<boolean> {
  const bytes = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const stored = await store.put(key, bytes, JSON_LINES);
  return stored.sha256 === sha256(bytes);
}

/**
 * Writes rows where an earlier life of the workflow has written none: it may have had other rows for the same numbers.
 * @returns the segment that has them.
 */
export async function placeRows(
  store: ResultStore,
  drive: BatchDrive,
  segment: number,
  rows: readonly BatchRow[],
): Promise<number> {
  const keys = batchKeys(drive.batchId);
  for (let at = segment; ;) {
    const chunk = Math.floor(at / COMPACT);
    // Nothing is added to what was put together: the reader would not see it.
    if ((await store.head(keys.compact(drive.drive, chunk))) !== null) at = (chunk + 1) * COMPACT;
    else if (await putRows(store, segmentKey(keys, drive, at), rows)) return at;
    else at += 1;
  }
}

/** Writes down that no more segments of a drive come: anew where an earlier life of the workflow knew of fewer. */
export async function putDriveEnd(store: ResultStore, drive: BatchDrive, end: BatchDriveEnd): Promise<void> {
  const key = batchKeys(drive.batchId).driveEnd(drive.drive);
  const earlier = await readDriveEnd(store, drive.batchId, drive.drive);
  if (earlier !== null && earlier.segments < end.segments) await store.delete(key);
  await store.put(key, Buffer.from(JSON.stringify(end)), 'application/json');
}

/**
 * Puts the segments of a chunk together into one object and deletes them. Each step may be the last before a crash: segments go only when the
 * object that has their rows is complete, and doing it again ends the same.
 * @param end number of segments that the drive has (so far): the last chunk may be short.
 * @returns false when a segment is missing: nothing has changed then.
 */
export async function compactChunk(
  store: ResultStore,
  drive: BatchDrive,
  chunk: number,
  end: number,
): Promise<boolean> {
  const keys = batchKeys(drive.batchId);
  const key = keys.compact(drive.drive, chunk);
  const first = chunk * COMPACT;
  const segments = Array.from({ length: Math.min(end - first, COMPACT) }, (_, at) =>
    segmentKey(keys, drive, first + at),
  );
  if ((await store.head(key)) === null) {
    try {
      await store.put(key, bytesOf(store, segments), JSON_LINES);
    } catch (error) {
      if (!(error instanceof MissingSegment)) throw error;
      // Somebody else may have been faster, and deleted it.
      if ((await store.head(key)) === null) return false;
    }
  }
  for (const segment of segments) await store.delete(segment);
  return true;
}

class MissingSegment extends Error {}

async function* bytesOf(store: ResultStore, segments: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const segment of segments) {
    const bytes = await readObject(store, segment);
    if (bytes === null) throw new MissingSegment(segment);
    if (bytes.byteLength > 0) yield bytes;
  }
}
