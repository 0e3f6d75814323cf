import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { latestBatchRows, type RecordStore, rowsToCsv, rowsToJsonLines } from '../../batch/record/index.js';
import { messageOf, usageError } from '../cli-error.js';

/** `--out`: checked before anything starts. */
export async function checkOut(path: string, endings: readonly string[]): Promise<void> {
  if (!endings.includes(extname(path).toLowerCase())) {
    throw usageError(`--out ${path}: expected a name that ends with ${endings.join(' or ')}`);
  }
  const folder = await stat(dirname(path)).catch(() => null);
  if (folder?.isDirectory() !== true) throw usageError(`--out ${path}: there is no folder ${dirname(path)}`);
}

export const RECORD_ENDINGS = ['.jsonl', '.csv'];

/** Writes the row that counts of each document. */
export async function writeRecord(path: string, store: RecordStore, batchId: string): Promise<void> {
  const rows = latestBatchRows(store, batchId);
  await writeWhole(path, extname(path).toLowerCase() === '.csv' ? rowsToCsv(rows) : rowsToJsonLines(rows));
}

/** Under another name until the last byte is there: what stands under the file's own name is whole. */
export async function writeWhole(path: string, text: AsyncIterable<string> | Iterable<string>): Promise<void> {
  const unfinished = `${path}.${process.pid}.partial`;
  try {
    await pipeline(text, createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw (error as NodeJS.ErrnoException).code === undefined
      ? error
      : usageError(`--out ${path}: can't be written (${messageOf(error)})`);
  }
}
