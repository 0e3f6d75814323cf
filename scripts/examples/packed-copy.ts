import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from './run-command.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MADE = new Set(['node_modules', '.next', 'tsconfig.json', 'next-env.d.ts']);
const INSTALL_MS = 5 * 60_000;

/**
 * Copies an example to a folder of its own, installs what its lockfile names and this package as npm packs it, does the work, and takes it
 * away again.
 * @param example its folder.
 */
export async function withPackedCopy(example: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `${basename(example)}-`));
  try {
    await cp(example, folder, { recursive: true, filter: (path) => !MADE.has(basename(path)) });
    const quick = ['--prefer-offline', '--no-audit', '--no-fund'];
    await mustRun(['npm', 'ci', ...quick], { cwd: folder }, INSTALL_MS);
    const packed = await mustRun(
      ['npm', 'pack', '--ignore-scripts', '--pack-destination', folder],
      { cwd: root },
      INSTALL_MS,
    );
    const [tarball] = /\S+\.tgz$/m.exec(packed) ?? [];
    if (tarball === undefined) throw new Error(`npm pack named no tarball:\n${packed}`);
    await mustRun(['npm', 'install', '--no-save', ...quick, join(folder, tarball)], { cwd: folder }, INSTALL_MS);
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
