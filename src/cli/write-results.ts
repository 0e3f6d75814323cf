import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDocumentFailure } from '../jobs/is-document-failure.js';
import type { ProcessDocumentResult } from '../jobs/process-document.js';
import type { ResultRef } from '../jobs/types.js';
import { openResult } from '../results/open-result.js';
import type { ResultStore } from '../results/result-store.js';
import { messageOf, usageError } from './cli-error.js';

/** `--out`: checked before anything starts, so that nothing is paid and then can't be written. */
export async function prepareOut(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (error) {
    throw usageError(`--out ${dir}: can't be made (${messageOf(error)})`);
  }
}

/**
 * Writes each whole result as `<name>.<operation>.json`, as the vendor sent it, checked against its reference.
 * @returns the files written.
 * @throws usage error when the results lie in another worker's store, `DocumentResultCorrupt` for one that is not what was stored: no file
 * of that one is left.
 */
export async function writeResults(
  dir: string,
  name: string,
  result: ProcessDocumentResult,
  store: Pick<ResultStore, 'get'>,
): Promise<string[]> {
  const files: string[] = [];
  for (const { part, stored } of wholeResults(result)) {
    const file = join(dir, `${name}.${part}.json`);
    await writeResult(file, stored, store);
    files.push(file);
  }
  return files;
}

/** Under another name until the last byte is known to be right: what stands under the file's own name is whole. */
async function writeResult(file: string, stored: ResultRef, store: Pick<ResultStore, 'get'>): Promise<void> {
  const unfinished = `${file}.${process.pid}.partial`;
  try {
    await pipeline(await openResult(store, stored), createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw isElsewhere(error)
      ? usageError(`--out: ${stored.key} is not in the result store here; name the worker's with --results`)
      : error;
  }
}

const isElsewhere = (error: unknown): boolean =>
  isDocumentFailure(error, 'DocumentResultCorrupt') && error.details.found === null;

function wholeResults({ parsed, extract, split }: ProcessDocumentResult): { part: string; stored: ResultRef }[] {
  return [
    { part: 'parse', stored: parsed.stored },
    ...(extract === undefined ? [] : [{ part: 'extract', stored: extract.stored }]),
    ...(split === undefined ? [] : [{ part: 'split', stored: split.stored }]),
    ...(split?.sections ?? []).flatMap(({ name, extract: own }) =>
      own === undefined ? [] : [{ part: `extract.${fileSafe(name)}`, stored: own.stored }],
    ),
  ];
}

/** Names that differ stay apart: `a`, `b`, `a` → `a`, `b`, `a-2`. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = fileSafe(name);
    for (let number = 2; taken.has(unique); number++) unique = `${fileSafe(name)}-${number}`;
    taken.add(unique);
    return unique;
  });
}

const fileSafe = (name: string): string => name.replace(/[^\p{L}\p{N}._ -]/gu, '_') || 'document';
