// npm run faults: documents under fault schedules, on real processes that are really killed. See docs/guarantees.md.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { cpus, platform } from 'node:os';
import { type FaultArguments, parseArguments, USAGE } from './arguments.js';
import { isSettled, runControls, runFleet } from './fleet.js';
import type { Row } from './judge/row.js';
import { tableOf } from './judge/table.js';
import { makeControls, makePlan } from './plan/make-plan.js';
import { openSurroundings } from './surroundings.js';

function argumentsOrExit(): FaultArguments {
  try {
    return parseArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

async function earlierRows({ log, resume }: FaultArguments): Promise<Row[]> {
  if (!resume) {
    await writeFile(log, '');
    return [];
  }
  const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as Row);
}

const chosen = argumentsOrExit();
const startedAt = Date.now();
const earlier = new Map((await earlierRows(chosen)).filter(isSettled).map((row) => [row.id, row]));
const plan = makePlan(chosen).filter(({ id }) => chosen.only === null || id.includes(chosen.only));
const left = plan.filter(({ id }) => !earlier.has(id));
const seconds = (): number => Math.round((Date.now() - startedAt) / 1000);

await using surroundings = await openSurroundings();
console.error(`${left.length} of ${plan.length} runs to do, seed ${chosen.seed}; rows go to ${chosen.log}`);
const undisturbed = await runControls(makeControls(), surroundings);
const rows = new Map(earlier);
let writing = Promise.resolve();
await runFleet(left, undisturbed, {
  surroundings,
  atOnce: chosen.atOnce,
  onTrouble: (error, { name, strikes }) =>
    console.error(`${seconds()} s: ${name} [${strikes.join(', ')}] could not be run: ${String(error)}`),
  onRows(some, { name, strikes }) {
    for (const row of some) rows.set(row.id, row);
    writing = writing.then(() => appendFile(chosen.log, some.map((row) => `${JSON.stringify(row)}\n`).join('')));
    const fired = some.filter((row) => row.fired).length;
    const done = [...rows.values()].filter((row) => row.fired).length;
    console.error(
      `${seconds()} s: ${name} [${strikes.join(', ')}]: ${fired} of ${some.length} struck; ${done} runs done`,
    );
    for (const { id, violations, ended, impacts } of some) {
      if (violations.length === 0) continue;
      console.error(`  ${violations.join(', ')}: ${id} ended as ${ended}; ${JSON.stringify(impacts)}`);
    }
  },
});
await writing;

const all = plan.flatMap(({ id }) => rows.get(id) ?? []);
const fired = all.filter((row) => row.fired);
const broken = all.filter(({ violations }) => violations.length > 0);
console.log(tableOf(all, undisturbed));
console.log(
  [
    '',
    `${fired.length} runs, seed ${chosen.seed}, ${seconds()} s, ${new Date().toISOString().slice(0, 10)},`,
    `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'cpu'}, ${platform()}, Node ${process.version};`,
    `${all.length - fired.length} whose faults did not come about are not counted;`,
    `${broken.length} broke a guarantee`,
  ].join(' '),
);
process.exitCode = broken.length === 0 && fired.length > 0 ? 0 : 1;
