import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Mutant, mutate } from './mutant.js';

/** The repository's files as they are now, in a temporary folder, where they may be broken. */
export interface WorkingCopy extends AsyncDisposable {
  folder: string;
  /** Runs `work` on the copy with the mutant in it, and takes it out again. */
  withMutant<R>(mutant: Mutant, work: () => Promise<R>): Promise<R>;
}

const FAR_AHEAD = new Date('2100-01-01');

/** Tracked files and new ones alike, so that what is about to be committed is what is tested. */
export async function createWorkingCopy(root: string): Promise<WorkingCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'document-jobs-mutants-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    for (const file of await filesOf(root)) await copy(join(root, file), join(folder, file));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    await pretendBuilt(folder);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    folder,
    async withMutant(mutant, work) {
      const path = join(folder, mutant.file);
      const source = await readFile(path, 'utf8');
      await writeFile(path, mutate(mutant, source));
      try {
        return await work();
      } finally {
        await writeFile(path, source);
      }
    },
    [Symbol.asyncDispose]: remove,
  };
}

async function filesOf(root: string): Promise<string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  return [...new Set(stdout.split('\0').filter((file) => file !== ''))];
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to).catch((error: unknown) => {
    // Tracked, and deleted since.
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  });
}

/** The tests' global setup would build `dist/` anew for each mutant, of which some do not even type-check; no mutant's tests run it. */
async function pretendBuilt(folder: string): Promise<void> {
  const main = join(folder, 'dist/cli/main.js');
  await mkdir(dirname(main), { recursive: true });
  await writeFile(main, "throw new Error('the mutants’ tests run no dist/');\n", { mode: 0o755 });
  await utimes(main, FAR_AHEAD, FAR_AHEAD);
}
