import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { DIE_WITH_PARENT } from '../../src/local/die-with-parent.js';
import { findTemporalBinary } from '../../src/local/temporal-binary.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Bundle of `test/support/workflows.ts`, for `Worker.create({ workflowBundle: { codePath } })`. */
    bundlePath: string;
    /** The Temporal CLI; it dies with the process that starts it. */
    cliPath: string;
    /** The time-skipping test server, likewise. */
    testServerPath: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Done once for all test files: `dist/`, both Temporal servers, one workflow bundle. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'document-jobs-test-'));
  const log = (line: string): void => console.log(line);
  const [cliPath, testServerPath, bundlePath] = await Promise.all([
    findTemporalBinary('cli', { log }),
    findTemporalBinary('test-server', { log }),
    bundle(folder),
    build(),
  ]);
  project.provide('cliPath', await dyingWithItsParent(folder, 'cli', cliPath));
  project.provide('testServerPath', await dyingWithItsParent(folder, 'test-server', testServerPath));
  project.provide('bundlePath', bundlePath);
  return () => rm(folder, { recursive: true, force: true });
}

/**
 * The SDK starts a server itself, from a path, and a test process that crashes would leave it behind. Written here, before there are test
 * processes: a file that is executed while another thread has it open for writing is "busy".
 */
async function dyingWithItsParent(folder: string, name: string, binary: string): Promise<string> {
  const path = join(folder, `${name}.sh`);
  const quoted = `'${binary.replaceAll("'", `'\\''`)}'`;
  const lines = ['#!/bin/sh', 'exec > /dev/null', `set -- $PPID ${quoted} "$@"`, DIE_WITH_PARENT];
  await writeFile(path, lines.join('\n'), { mode: 0o755 });
  return path;
}

async function bundle(folder: string): Promise<string> {
  const workflowsPath = join(root, 'test/support/workflows.ts');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const path = join(folder, 'workflow-bundle.js');
  await writeFile(path, code);
  return path;
}

/** Tests run the CLI and its child processes from `dist/`: it must be what the sources say. */
async function build(): Promise<void> {
  const built = await stat(join(root, 'dist/cli/main.js')).catch(() => null);
  // The compiler writes files in spite of errors; only a build that succeeded makes this one executable.
  const whole = built !== null && (built.mode & 0o100) !== 0;
  if (whole && built.mtimeMs > (await newest(join(root, 'src')))) return;
  try {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs'], { cwd: root });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`\`npm run build\` failed:\n${stdout}${stderr}`);
  }
}

/** Latest change under a folder, ms since the epoch; folders count too, because a file that was deleted changes its folder. */
async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  const times = await Promise.all(['.', ...entries].map(async (entry) => (await stat(join(folder, entry))).mtimeMs));
  return Math.max(...times);
}
