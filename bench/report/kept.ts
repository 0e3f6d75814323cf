import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Series } from '../bench-result.js';

/** One run of a bench whose figures stand in the docs. */
export interface Kept {
  name: string;
  /** As given on the command line. */
  options: string[];
  date: string;
  machine: string;
  seed?: number;
  notes: string[];
  broken: string[];
  rows: Record<string, unknown>[];
  series?: Series[];
}

export const FIGURES = 'bench/figures';

/** Its file: the same bench with the same options again replaces it. */
export const keptName = (name: string, options: readonly string[]): string =>
  `${[name, ...options].map((word) => word.replace(/^--/, '')).join('-')}.json`;

/** Puts a run among those of the docs, where its file is looked at like all others. */
export async function keep(run: { name: string; options: readonly string[] }): Promise<void> {
  const path = join(FIGURES, keptName(run.name, run.options));
  await mkdir(FIGURES, { recursive: true });
  await writeFile(path, await format(JSON.stringify(run), { ...(await resolveConfig(path)), filepath: path }));
}

/** All that are kept, in the order of their files' names, in which numbers count as numbers. */
export async function readKept(folder = FIGURES): Promise<Kept[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  files.sort(new Intl.Collator('en', { numeric: true }).compare);
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as Kept));
}
