import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** How a run of some test files ended. `broken`: no test failed, and yet it was no success. */
export type TestEnd = { end: 'passed' } | { end: 'failed'; test: string } | { end: 'broken'; reason: string };

/** The part of vitest's JSON report that is read here. */
interface Report {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] | null }[];
  }[];
}

const REPORT = 'mutants-report.json';
/** A test file's time on a busy machine; a mutant may make each of its tests time out. */
const FILE_LIMIT_MS = 10 * 60_000;
const SHOWN = 2_000;

/** Runs test files with vitest in `folder`, up to the first failure. @throws the signal's reason when aborted. */
export async function runTests(folder: string, tests: readonly string[], signal: AbortSignal): Promise<TestEnd> {
  signal.throwIfAborted();
  const report = join(folder, REPORT);
  await rm(report, { force: true });
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const flags = ['--bail=1', '--typecheck.enabled=false', '--reporter=json', `--outputFile=${report}`];
  // A process group of its own, so that it ends with its workers and their servers.
  const child = spawn(process.execPath, [vitest, 'run', ...flags, ...tests], {
    cwd: folder,
    // What is killed leaves its temporary files; they go with the copy.
    env: { ...process.env, TMPDIR: await mkdtemp(join(folder, '.tmp-')) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => (output = (output + data.toString()).slice(-SHOWN)));
  }
  const end = (how: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null) killGroup(child.pid, how);
  };
  const onAbort = (): void => end('SIGKILL');
  let tooLong = false;
  const limit = setTimeout(() => {
    tooLong = true;
    end('SIGKILL');
  }, FILE_LIMIT_MS * tests.length);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    signal.throwIfAborted();
    if (tooLong) return { end: 'broken', reason: `no end after ${(FILE_LIMIT_MS * tests.length) / 60_000} minutes` };
    const text = await readFile(report, 'utf8').catch(() => null);
    return endOf(code, text === null ? null : (JSON.parse(text) as Report), output, folder);
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', onAbort);
  }
}

/** @param output what vitest printed, for when there is no report. */
export function endOf(code: number | null, report: Report | null, output: string, folder: string): TestEnd {
  if (report === null) return { end: 'broken', reason: `vitest wrote no report (exit code ${code}): ${output.trim()}` };
  for (const { name, assertionResults } of report.testResults) {
    const failed = assertionResults.find(({ status }) => status === 'failed');
    if (failed) return { end: 'failed', test: `${relative(name, folder)}: ${failed.fullName.trim()}` };
  }
  const failed = report.testResults.find(({ status }) => status === 'failed');
  if (failed) return { end: 'broken', reason: `${relative(failed.name, folder)} did not run: ${failed.message}` };
  const passed = report.testResults.flatMap(({ assertionResults }) => assertionResults).length;
  if (code === 0 && passed > 0) return { end: 'passed' };
  return { end: 'broken', reason: `exit code ${code} with ${passed} tests: ${output.trim()}` };
}

const relative = (file: string, folder: string): string =>
  file.replace(`${folder}/`, '').replace(/^.*\/(?=test\/)/, '');

function killGroup(pid: number, how: NodeJS.Signals): void {
  try {
    process.kill(-pid, how);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ESRCH') throw error;
  }
}
