import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchResult } from '../bench-result.js';
import type { Planned, PlanOrder } from './plan-process.js';

/** What a million documents may cost a worker. */
const MAX_MB = 150;
const LONG_ROW = 'x'.repeat(5_000);

interface Table {
  what: string;
  ending: 'jsonl' | 'csv';
  documents: number;
  header: string;
  line: (at: number) => string;
}

const url = (at: number): string =>
  `https://files.example.com/in/${at}/document.pdf?X-Amz-Signature=${'ab'.repeat(32)}`;

/** `npm run bench -- manifest`: planning of a manifest of a million rows, and of one of 5 GB, each in a process of its own. */
export async function manifest(documents: number): Promise<BenchResult> {
  const tables: Table[] = [
    {
      what: 'JSON Lines, a thousand tenants',
      ending: 'jsonl',
      documents,
      header: '',
      line: (at) => `{"source":"${url(at)}","id":"d${at}","tenant":"t${at % 1_000}"}\n`,
    },
    {
      what: 'CSV with rows of 5 kB, one in ten of them quoted',
      ending: 'csv',
      documents,
      header: 'source,id,note\n',
      line: (at) => `${url(at)},d${at},${at % 10 === 0 ? `"${LONG_ROW}, ""and more"""` : LONG_ROW}\n`,
    },
  ];
  const rows = [];
  const broken = [];
  for (const table of tables) {
    const { sizeMb, planned } = await measured(table);
    const { seconds, growthMb, blockMs, output } = planned;
    rows.push({
      manifest: table.what,
      'size MB': sizeMb,
      documents: output.documents,
      s: seconds,
      'RSS + MB': growthMb,
      'longest block ms': blockMs,
    });
    if (growthMb > MAX_MB) broken.push(`${table.what}: ${growthMb} MB of memory, more than ${MAX_MB}`);
    if (output.documents !== table.documents) broken.push(`${table.what}: ${output.documents} of ${table.documents}`);
  }
  const notes = [
    'RSS: above that of the process before it planned. The plan goes to a file store, with a sync for each of its pages.',
  ];
  return { rows, notes, broken };
}

async function measured(table: Table): Promise<{ sizeMb: number; planned: Planned }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-manifest-'));
  try {
    const path = join(folder, `manifest.${table.ending}`);
    await write(path, table);
    const sizeMb = Math.round((await stat(path)).size / 1e6);
    const order: PlanOrder = { path, store: join(folder, 'store') };
    const file = fileURLToPath(new URL('./plan-process.ts', import.meta.url));
    const child = fork(file, [JSON.stringify(order)], { execArgv: ['--expose-gc', '--import', 'tsx'] });
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`planning ended with ${code}`)));
    const [planned] = (await Promise.race([once(child, 'message'), ended])) as [Planned];
    ended.catch(() => undefined);
    return { sizeMb, planned };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(path: string, { header, documents, line }: Table): Promise<void> {
  const out = createWriteStream(path);
  out.write(header);
  for (let at = 0; at < documents; at++) if (!out.write(line(at))) await once(out, 'drain');
  out.end();
  await once(out, 'close');
}
