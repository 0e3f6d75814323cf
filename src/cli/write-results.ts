import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessDocumentResult } from '../jobs/process-document.js';
import type { ResultRef } from '../jobs/types.js';
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
 * Writes each whole result as `<name>.<operation>.json`, as the vendor sent it.
 * @returns the files written.
 * @throws usage error when the results lie in another worker's store.
 */
export async function writeResults(
  dir: string,
  name: string,
  result: ProcessDocumentResult,
  store: Pick<ResultStore, 'get'>,
): Promise<string[]> {
  const files: string[] = [];
  for (const { part, stored } of wholeResults(result)) {
    const body = await store.get(stored.key);
    if (body === null) {
      throw usageError(`--out: ${stored.key} is not in the result store here; name the worker's with --results`);
    }
    const file = join(dir, `${name}.${part}.json`);
    await writeFile(file, body);
    files.push(file);
  }
  return files;
}

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
