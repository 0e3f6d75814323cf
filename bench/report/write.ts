import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readKept } from './kept.js';
import { benchmarksPage } from './page.js';

export const PAGE = 'docs/benchmarks.md';
export const IMAGES = 'docs/images';

/** Writes docs/benchmarks.md and its pictures anew; pictures of runs that are no longer kept go. */
export async function writeReport(): Promise<void> {
  const { markdown, images } = benchmarksPage(await readKept());
  await mkdir(IMAGES, { recursive: true });
  for (const file of await benchImages()) if (!images.has(file)) await rm(join(IMAGES, file));
  for (const [file, svg] of images) await writeFile(join(IMAGES, file), svg);
  await writeFile(PAGE, markdown);
  console.log(`${PAGE}, ${images.size} pictures`);
}

export const benchImages = async (): Promise<string[]> =>
  (await readdir(IMAGES)).filter((file) => /^bench-.*\.svg$/.test(file));
