import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The vendors' clients that the sandbox is held to. */
export const PINNED = ['reductoai==0.25.0', 'pulse-python-sdk==1.0.17'];

/** Something that this machine does not have. Its message is one line. */
export class Missing extends Error {
  override readonly name = 'Missing';
}

/**
 * A virtual environment with the pinned SDKs; made once and kept in the user's cache folder.
 * @returns its python
 * @throws Missing without python3, or without an index that has the packages
 */
export function preparePython(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env.XDG_CACHE_HOME?.trim() || join(homedir(), '.cache');
  const pins = createHash('sha256').update(PINNED.join(' ')).digest('hex').slice(0, 12);
  const folder = join(cache, 'temporal-document-jobs', `fidelity-${pins}`);
  const python = join(folder, 'bin', 'python');
  const ready = join(folder, 'ready');
  if (existsSync(ready) && run(python, ['--version']) === null) return python;

  if (run('python3', ['--version']) !== null) throw new Missing('python3 is missing: it runs the vendors’ Python SDKs');
  console.log(`Installing ${PINNED.join(' and ')} into ${folder} …`);
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Missing(`a cache folder that can be written to is missing: ${(error as Error).message}`);
  }
  const made = run('python3', ['-m', 'venv', folder]);
  if (made !== null) throw new Missing(`python3 can't make a virtual environment (its venv module is needed): ${made}`);
  const installed = run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PINNED]);
  if (installed !== null) throw new Missing(`pip can't install the vendors’ SDKs (is there a network?): ${installed}`);
  writeFileSync(ready, '');
  return python;
}

/** @returns null, or the last line of what went wrong */
function run(command: string, argv: readonly string[]): string | null {
  const { status, error, stderr } = spawnSync(command, argv, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (error === undefined && status === 0) return null;
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit code ${status}`;
}
