// npm run bench -- NAME: each bench prints a table and writes bench/out/NAME.json. Exit code 1 when a promise did not hold.
// With --keep the JSON goes to bench/figures too, of which `npm run bench -- report` makes docs/benchmarks.md.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, platform } from 'node:os';
import { parseBatch, parseScaled, parseSized, type Scaled } from './arguments.js';
import type { BenchResult } from './bench-result.js';
import { keep } from './report/kept.js';

const BENCHES: Record<string, () => Promise<BenchResult>> = {
  cancel: async () => (await import('./cancel.js')).cancel(),
  cost: async () => (await import('./cost.js')).cost(),
  results: async () => (await import('./results/results.js')).results(),
  cpu: async () => (await import('./fleet/cpu.js')).cpu(),
  memory: async () => (await import('./fleet/memory.js')).memory(),
  webhooks: async () => (await import('./webhooks/webhooks.js')).webhooks(),
};
const SCALED: Record<string, (scaled: Scaled) => Promise<BenchResult>> = {
  outage: async (scaled) => (await import('./storms/outage.js')).outage(scaled),
  'webhook-faults': async (scaled) => (await import('./webhooks/faults.js')).webhookFaults(scaled),
  storm: async (scaled) => (await import('./storms/storm.js')).storm(scaled),
  stuck: async (scaled) => (await import('./storms/stuck.js')).stuck(scaled),
};
const SIZED: Record<string, { usual: number; run: (size: number) => Promise<BenchResult> }> = {
  manifest: { usual: 1_000_000, run: async (size) => (await import('./manifest/manifest.js')).manifest(size) },
  wait: { usual: 300, run: async (size) => (await import('./fleet/wait.js')).wait(size) },
  recovery: { usual: 10_000, run: async (size) => (await import('./fleet/recovery.js')).recovery(size) },
  'batch-steering': {
    usual: 1_000,
    run: async (size) => (await import('./batch/steering.js')).batchSteering(size),
  },
  'batch-parent': { usual: 20_000, run: async (size) => (await import('./batch/parent.js')).batchParent(size) },
  quota: { usual: 1_000, run: async (size) => (await import('./fleet/quota.js')).quota(size) },
  peers: { usual: 3_000, run: async (size) => (await import('./peers/peers.js')).peers(size) },
};
const USAGE = `usage: npm run bench -- ${Object.keys(BENCHES).join(' | ')}
       npm run bench -- ${Object.keys(SCALED).join(' | ')} [--scale SHARE] [--documents N] [--seed S]
       npm run bench -- ${Object.keys(SIZED).join(' | ')} [--documents N]
       npm run bench -- batch [--documents N] [--kills K] [--database] [--seed S]
       npm run bench -- report
       each but the last with [--keep]`;

function chosen(name: string, options: string[]): () => Promise<BenchResult> {
  const bench = BENCHES[name];
  const scaled = SCALED[name];
  if (scaled !== undefined) {
    const wanted = parseScaled(options);
    return () => scaled(wanted);
  }
  if (name === 'batch') {
    const order = parseBatch(options);
    return async () => (await import('./batch/batch.js')).batch(order);
  }
  const sized = SIZED[name];
  if (sized !== undefined) {
    const { documents } = parseSized(options, sized.usual);
    return () => sized.run(documents);
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

const [name = '', ...given] = process.argv.slice(2);
if (name === 'report' && given.length === 0) {
  await (await import('./report/write.js')).writeReport();
  process.exit(0);
}
const options = given.filter((option) => option !== '--keep');
const bench = chosenOrExit(name, options);
const { rows, notes = [], broken = [], seed, series } = await bench();
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'cpu'}, ${platform()}, Node ${process.version}`;
console.table(rows);
for (const line of [...notes, ...broken.map((promise) => `BROKEN: ${promise}`), machine]) console.log(line);
const date = new Date().toISOString();
const told = { name, options, date, machine, seed, notes, broken, rows, series };
await mkdir('bench/out', { recursive: true });
await writeFile(`bench/out/${name}.json`, JSON.stringify(told, null, 2));
if (given.includes('--keep')) {
  await keep(told);
  console.log('kept; `npm run bench -- report` brings it into docs/benchmarks.md');
}
process.exit(broken.length === 0 ? 0 : 1);
