// npm run size: how large the package is, packed and installed, from the tarball that npm would publish. Needs dist/.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from '../examples/run-command.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT_MS = 5 * 60_000;
const OWN = 'node_modules/temporal-document-jobs';

const folder = mkdtempSync(join(tmpdir(), 'size-'));
try {
  await mustRun(['npm', 'pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root }, LIMIT_MS);
  const [filename = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'size', private: true }));
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--omit=dev'];
  await mustRun(['npm', 'install', ...quick, join(folder, filename)], { cwd: folder }, LIMIT_MS);
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { peer?: boolean }>;
  };
  const places = Object.keys(lock.packages).filter((place) => place !== '');
  const sizes = new Map<string, number>();
  for (const place of places) sizes.set(place, await sizeOf(join(folder, place)));
  const sum = (chosen: readonly string[]): string =>
    `${megabytes(chosen.reduce((total, place) => total + (sizes.get(place) ?? 0), 0))} in ${chosen.length} package(s)`;
  // npm marks what is there for a peer alone: a project that runs Temporal has it already.
  const ours = places.filter((place) => lock.packages[place]?.peer !== true);
  const lines = [
    ['packed', megabytes(statSync(join(folder, filename)).size)],
    ['installed, this package', sum([OWN])],
    ['with its dependencies', sum(ours)],
    ['with its peers (@temporalio/*) too', sum(places)],
  ];
  for (const [what = '', size = ''] of lines) console.log(`${what.padEnd(36)}${size}`);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** Bytes of the files of one package, without those that npm put inside its own `node_modules`. */
async function sizeOf(place: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(place, { withFileTypes: true }).catch(() => [])) {
    const path = join(place, entry.name);
    if (entry.isDirectory()) total += basename(path) === 'node_modules' ? 0 : await sizeOf(path);
    else if (entry.isFile()) total += statSync(path).size;
  }
  return total;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`.padStart(9);
}
