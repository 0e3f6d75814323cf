import type { BatchRow } from '../../jobs/batch.js';
import { IdIndex } from '../id-index.js';
import { batchDrives, type RecordStore } from './batch-drives.js';
import { batchRows } from './batch-rows.js';

/**
 * What is known of each document of a batch: its last row over all drives, in the order of writing. A document that has no row (yet) is not
 * among them.
 *
 * The record is read twice: first to learn which row of an id is its last, then to give these rows. In between no row is held, but about 32
 * bytes for each id. Rows that are written after the first reading are left out.
 * @throws as `batchRows` does.
 */
export async function* latestBatchRows(store: RecordStore, batchId: string): AsyncGenerator<BatchRow, void, undefined> {
  const last = new IdIndex();
  const counts: number[] = [];
  let position = 0;
  for (const { drive } of await batchDrives(store, batchId)) {
    const before = position;
    for await (const row of batchRows(store, batchId, { drive })) last.set(nameOf(row), position++);
    counts.push(position - before);
  }
  position = 0;
  for (const [drive, count] of counts.entries()) {
    let left = count;
    if (left === 0) continue;
    for await (const row of batchRows(store, batchId, { drive })) {
      if (last.get(nameOf(row)) === position++) yield row;
      if (--left === 0) break;
    }
  }
}

/** A row of the manifest that could not be used has no id of its own: it must hide no document's row. */
const nameOf = ({ id, workflowId }: BatchRow): string => (workflowId === null ? `\0${id}` : id);
