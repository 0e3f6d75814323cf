import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { AttemptEnd, AttemptPlan } from './attempt-plan.js';

/** All in one file: a process of it is up in a fifth of a second. @returns its path. */
export async function buildAttempt(folder: string): Promise<string> {
  const outfile = join(folder, 'attempt.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('attempt.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    // The AWS SDK is CommonJS in part.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return outfile;
}

export interface AttemptRun {
  /** Null when it was killed. */
  end: AttemptEnd | null;
  signal: NodeJS.Signals | null;
  /** What it wrote to stderr, when it ended in a way that nobody planned. */
  said: string;
}

export interface AttemptPlace {
  /** Of the program. */
  program: string;
  /** The process's own temporary folder, as another host has another one. */
  tmp: string;
  /** Command before it, with its arguments: limits, another user. */
  under?: readonly string[];
  /** Whose process it is. Default: this one's user. */
  uid?: number;
}

/** Runs one attempt in a process of its own, to its end. */
export async function runAttempt(
  { program, tmp, under = [], uid }: AttemptPlace,
  plan: AttemptPlan,
): Promise<AttemptRun> {
  const [command = '', ...args] = [...under, process.execPath, '--no-warnings', program, JSON.stringify(plan)];
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, TMPDIR: tmp, AWS_EC2_METADATA_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const [out, said] = [child.stdout, child.stderr].map(textOf);
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, by) => resolve(by));
  });
  const text = (await out) ?? '';
  return { end: text === '' ? null : (JSON.parse(text) as AttemptEnd), signal, said: (await said) ?? '' };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
