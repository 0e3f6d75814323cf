// npm run examples [-- NAME…]: tries the examples that have a check.mjs, from the built package as npm would pack it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Verdict {
  name: string;
  passed: boolean;
  seconds: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const checkOf = (name: string): string => join(root, 'examples', name, 'check.mjs');

/** @throws Error of one line for a name that is none. */
function chosenExamples(wanted: readonly string[]): string[] {
  const names = readdirSync(join(root, 'examples')).filter((name) => existsSync(checkOf(name)));
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`no example ${JSON.stringify(unknown)} with a check; there are: ${names.join(', ')}`);
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('no dist/: npm run build first');
  return wanted.length > 0 ? [...new Set(wanted)] : names;
}

/** A process each, so that what one leaves behind is no other's trouble. */
async function check(name: string): Promise<Verdict> {
  console.log(`\n${name}`);
  const startedAt = performance.now();
  // Of the surroundings, nothing that would lead a check to somebody's own Temporal or vendor.
  const foreign = /^(TEMPORAL_(?!CLI_PATH)|REDUCTO_|PULSE_|DOCJOBS_)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !foreign.test(variable)));
  const child = spawn(process.execPath, ['--import', 'tsx', checkOf(name)], { cwd: root, env, stdio: 'inherit' });
  const stop = (): never => {
    child.kill();
    process.exit(1);
  };
  process.once('SIGTERM', stop);
  const [code] = (await once(child, 'exit')) as [number | null];
  process.off('SIGTERM', stop);
  return { name, passed: code === 0, seconds: Math.round((performance.now() - startedAt) / 1_000) };
}

let names: string[];
try {
  names = chosenExamples(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(2);
}
const verdicts: Verdict[] = [];
for (const name of names) verdicts.push(await check(name));
const rows = verdicts.map(
  ({ name, passed, seconds }) => `| ${name} | ${passed ? 'passed' : '**failed**'} | ${seconds} s |`,
);
console.log(['', '| example | check | took |', '|---|---|---|', ...rows].join('\n'));
process.exitCode = verdicts.every(({ passed }) => passed) ? 0 : 1;
