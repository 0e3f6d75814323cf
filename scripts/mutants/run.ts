// npm run mutants: takes the package's safeguards away one at a time; each loss must be noticed by a test.
import { fileURLToPath } from 'node:url';
import { type MutantArguments, parseArguments, USAGE } from './arguments.js';
import type { Mutant } from './mutant.js';
import { MUTANTS } from './mutants.js';
import { runTests, type TestEnd } from './run-tests.js';
import { tableOf, type Verdict } from './table.js';
import { createWorkingCopy, type WorkingCopy } from './working-copy.js';

const WORDS = { passed: 'survived', failed: 'caught', broken: 'broken' } as const;
const root = fileURLToPath(new URL('../..', import.meta.url));
const stopped = new AbortController();

function argumentsOrExit(): MutantArguments {
  try {
    return parseArguments(process.argv.slice(2), MUTANTS);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

/** Tests that fail anyway would catch everything. One file at a time, and once more what a busy machine may have failed. */
async function checkBaseline(copy: WorkingCopy, mutants: readonly Mutant[]): Promise<void> {
  for (const file of new Set(mutants.flatMap(({ tests }) => tests))) {
    const run = (): Promise<TestEnd> => runTests(copy.folder, [file], stopped.signal);
    let end = await run();
    if (end.end !== 'passed') end = await run();
    if (end.end !== 'passed') {
      throw new Error(`the tests do not pass without a mutant: ${end.end === 'failed' ? end.test : end.reason}`);
    }
    console.error(`without a mutant: ${file} passed`);
  }
}

async function judge(copy: WorkingCopy, mutant: Mutant): Promise<Verdict> {
  const startedAt = Date.now();
  const run = () => runTests(copy.folder, mutant.tests, stopped.signal);
  const end = await copy.withMutant(mutant, run);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const by = end.end === 'failed' ? end.test : end.end === 'broken' ? end.reason : `none of ${mutant.tests.join(', ')}`;
  const verdict = { mutant, verdict: WORDS[end.end], by, seconds };
  console.error(`${mutant.name}: ${verdict.verdict} in ${seconds} s: ${by}`);
  return verdict;
}

async function judgeAll(chosen: readonly Mutant[]): Promise<Verdict[]> {
  await using copy = await createWorkingCopy(root);
  // A stale mutant is told of before the tests run for minutes.
  for (const mutant of chosen) await copy.withMutant(mutant, async () => undefined);
  await checkBaseline(copy, chosen);
  const verdicts: Verdict[] = [];
  for (const mutant of chosen) verdicts.push(await judge(copy, mutant));
  return verdicts;
}

const { list, chosen } = argumentsOrExit();
if (list) {
  for (const { name, guarantee, removes } of chosen) console.log(`${guarantee} ${name}: no longer ${removes}`);
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
try {
  const verdicts = await judgeAll(chosen);
  console.log(tableOf(verdicts));
  process.exitCode = verdicts.every(({ verdict }) => verdict === 'caught') ? 0 : 1;
} catch (error) {
  console.error(stopped.signal.aborted ? 'stopped' : error instanceof Error ? error.message : String(error));
  process.exitCode = stopped.signal.aborted ? 130 : 1;
}
