// npm run bench -- NAME: each bench prints a table and writes bench/out/NAME.json. Exit code 1 when a promise did not hold.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, platform } from 'node:os';
import { parseScaled, type Scaled } from './arguments.js';
import type { BenchResult } from './bench-result.js';

const BENCHES: Record<string, () => Promise<BenchResult>> = {
  cancel: async () => (await import('./cancel.js')).cancel(),
  cost: async () => (await import('./cost.js')).cost(),
  results: async () => (await import('./results/results.js')).results(),
  webhooks: async () => (await import('./webhooks/webhooks.js')).webhooks(),
};
const SCALED: Record<string, (scaled: Scaled) => Promise<BenchResult>> = {
  outage: async (scaled) => (await import('./storms/outage.js')).outage(scaled),
  'webhook-faults': async (scaled) => (await import('./webhooks/faults.js')).webhookFaults(scaled),
  storm: async (scaled) => (await import('./storms/storm.js')).storm(scaled),
  stuck: async (scaled) => (await import('./storms/stuck.js')).stuck(scaled),
};
const USAGE = `usage: npm run bench -- ${Object.keys(BENCHES).join(' | ')}
       npm run bench -- ${Object.keys(SCALED).join(' | ')} [--scale SHARE] [--documents N] [--seed S]`;

function chosen(name: string, options: string[]): () => Promise<BenchResult> {
  const bench = BENCHES[name];
  const scaled = SCALED[name];
  if (scaled !== undefined) {
    const wanted = parseScaled(options);
    return () => scaled(wanted);
  }
  if (bench === undefined) throw new Error(`no bench ${JSON.stringify(name)}`);
  if (options.length > 0) throw new Error(`${name} takes no options, got ${options.join(' ')}`);
  return bench;
}

function chosenOrExit(name: string, options: string[]): () => Promise<BenchResult> {
  try {
    return chosen(name, options);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

const [name = '', ...options] = process.argv.slice(2);
const bench = chosenOrExit(name, options);
const { rows, notes = [], broken = [] } = await bench();
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'cpu'}, ${platform()}, Node ${process.version}`;
console.table(rows);
for (const line of [...notes, ...broken.map((promise) => `BROKEN: ${promise}`), machine]) console.log(line);
await mkdir('bench/out', { recursive: true });
await writeFile(
  `bench/out/${name}.json`,
  JSON.stringify({ name, date: new Date().toISOString(), machine, notes, broken, rows }, null, 2),
);
process.exit(broken.length === 0 ? 0 : 1);
