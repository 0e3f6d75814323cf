// npm run bench -- NAME: each bench prints a table and writes bench/out/NAME.json.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, platform } from 'node:os';

const BENCHES: Record<string, () => Promise<unknown[]>> = {
  cancel: async () => (await import('./cancel.js')).cancel(),
  cost: async () => (await import('./cost.js')).cost(),
};

const [name = ''] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join(' | ')}`);
  process.exit(2);
}
const rows = await bench();
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'cpu'}, ${platform()}, Node ${process.version}`;
console.table(rows);
console.log(machine);
await mkdir('bench/out', { recursive: true });
await writeFile(
  `bench/out/${name}.json`,
  JSON.stringify({ name, date: new Date().toISOString(), machine, rows }, null, 2),
);
process.exit(0);
