// npm run matrix: the packed package with each supported version of Node, @temporalio and TypeScript. Needs dist/.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTemporalBinary } from '../../src/local/temporal-binary.js';
import { mustRun } from '../examples/run-command.js';
import { type Combination, parseArguments, USAGE } from './arguments.js';
import { tryCombination } from './try-combination.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

let combinations: Combination[];
try {
  combinations = parseArguments(process.argv.slice(2));
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('no dist/: npm run build first');
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'matrix-package-'));
const rows: string[] = [];
try {
  await mustRun(['npm', 'pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root }, 120_000);
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  const cliPath = await findTemporalBinary('cli', { log: (line) => console.log(line) });
  for (const combination of combinations) {
    const { node, temporal, typescript } = combination;
    const startedAt = performance.now();
    let verdict: string;
    try {
      verdict = await tryCombination(combination, join(folder, tarball), cliPath);
    } catch (error) {
      process.exitCode = 1;
      console.error(error instanceof Error ? error.message : String(error));
      verdict = '**failed**';
    }
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    rows.push(`| ${node} | ${temporal} | ${typescript} | ${verdict} | ${seconds} s |`);
    console.log(rows.at(-1));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(['', '| Node | @temporalio | TypeScript | verdict | took |', '|---|---|---|---|---|', ...rows].join('\n'));
