import { fork, type ChildProcess } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { readObject } from '../../src/results/read-object.js';
import type { FaultRule } from '../../src/sandbox/index.js';
import type { ParsedDocument } from '../../src/workflows/index.js';
import type { Scaled } from '../arguments.js';
import type { BenchResult } from '../bench-result.js';
import { quietRuntime } from '../environment.js';
import { type MortalServer, startMortalServer } from '../storms/mortal-server.js';
import { steadyPort } from '../storms/steady-port.js';
import { createStage, SECRET, type Stage, type StageOptions, type VendorName } from './stage.js';

/** What a row does to the calls of its documents. */
interface Row {
  name: string;
  rules: FaultRule[];
  /** Besides. */
  trouble?: 'temporal down' | 'receiver killed';
  /** No vendor asks for webhooks: what the others are held against. */
  webhooks?: false;
}

const ROWS: readonly Row[] = [
  { name: 'no webhooks', rules: [], webhooks: false },
  { name: 'none of these', rules: [] },
  { name: 'early', rules: [{ event: 'early' }] },
  { name: 'doubled', rules: [{ event: { copies: 2 } }] },
  { name: 'reordered', rules: [{ event: { reversed: 10 } }] },
  { name: 'late', rules: [{ event: { lateMs: 20_000 } }] },
  { name: 'lost', rules: [{ event: 'lost' }] },
  { name: 'forged', rules: [{ event: 'forged' }] },
  { name: 'Temporal down on arrival', rules: [], trouble: 'temporal down' },
  { name: 'receiver killed before its signal', rules: [], trouble: 'receiver killed' },
];
/** Of a job at the vendor: all documents are submitted before the first one ends. */
const JOB_MS = 25_000;
const DOWN_MS = 120_000;
/** A sender tries again so long after each failure. */
const SCHEDULE = [0, 5_000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000, 60_000];
const AT_ONCE = 10;

/** Documents whose webhooks meet each fault in turn, on a real server: none lost, none paid twice, and the same results as without webhooks. */
export async function webhookFaults({ documents, scale }: Scaled): Promise<BenchResult> {
  quietRuntime();
  const rows: object[] = [];
  const broken: string[] = [];
  let wanted: string | undefined;
  await using server = await startMortalServer();
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  for (const row of ROWS) {
    console.error(`${row.name} …`);
    const played = await play(row, documents, scale, server, client);
    wanted ??= played.contents;
    rows.push({ fault: row.name, documents, ...played.figures });
    const { lost, jobs } = played.figures;
    if (lost > 0) broken.push(`${row.name}: ${lost} documents did not complete`);
    if (jobs !== documents) broken.push(`${row.name}: ${jobs} jobs for ${documents} documents`);
    if (played.contents !== wanted) broken.push(`${row.name}: other results than without webhooks`);
  }
  await connection.close();
  return { rows, broken, notes: [`half of them at each vendor; ${DOWN_MS * scale} ms without Temporal`] };
}

interface Played {
  figures: { completed: number; lost: number; jobs: number; reads: number; 'slowest s': number };
  /** Of all results, less what is each job's own. */
  contents: string;
}

async function play(row: Row, count: number, scale: number, server: MortalServer, client: Client): Promise<Played> {
  const taskQueue = `webhooks-${randomUUID()}`;
  const receiver = row.trouble === 'receiver killed' ? await mortalReceiver(server.address, taskQueue) : undefined;
  const options: StageOptions = {
    sandbox: { faults: row.rules, webhooks: { schedule: SCHEDULE } },
    taskQueue,
    ...(receiver === undefined ? {} : { receiverAt: receiver.url }),
  };
  const began = Date.now();
  try {
    await using stage = await createStage({ client, address: server.address }, options);
    stage.sandbox.durations.set('parse', JOB_MS);
    const handles: { vendor: VendorName; result: Promise<unknown> }[] = [];
    let slowest = 0;
    const one = async (index: number): Promise<void> => {
      const vendor = index % 2 === 0 ? 'reducto' : 'pulse';
      const from = Date.now();
      const handle = await stage.start(vendor, row.webhooks ?? true);
      const result = resultOf(handle, client).finally(() => (slowest = Math.max(slowest, Date.now() - from)));
      handles.push({ vendor, result });
    };
    for (let at = 0; at < count; at += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, index) => one(at + index)));
    }
    if (row.trouble === 'temporal down') await outage(server, JOB_MS - (Date.now() - began), DOWN_MS * scale);
    const ends = await Promise.allSettled(handles.map(({ result }) => result));
    const good = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value as ParsedDocument] : []));
    const { accepted: jobs, reads } = stage.sandbox.ledger.counts();
    return {
      figures: {
        completed: good.length,
        lost: count - good.length,
        jobs,
        reads,
        'slowest s': Math.round(slowest / 1_000),
      },
      contents: await contentsOf(stage, good),
    };
  } finally {
    receiver?.stop();
  }
}

/** A server that is away is no result: it is asked again. */
async function resultOf({ workflowId }: { workflowId: string }, client: Client): Promise<unknown> {
  for (;;) {
    try {
      return await client.workflow.getHandle(workflowId).result();
    } catch (error) {
      if ((error as Error).name === 'WorkflowFailedError') throw error;
      await sleep(1_000);
    }
  }
}

/** Temporal is gone when the jobs end, and back so much later. */
async function outage(server: MortalServer, inMs: number, forMs: number): Promise<void> {
  await sleep(Math.max(0, inMs - 3_000));
  await server.kill();
  await sleep(forMs);
  await server.startAgain();
}

async function contentsOf({ store }: Stage, documents: readonly ParsedDocument[]): Promise<string> {
  const hashes: string[] = [];
  for (const { jobId, stored } of documents) {
    const text = Buffer.from((await readObject(store, stored.key)) ?? []).toString('utf8');
    // Ids, times and signatures are each job's own.
    const same = text
      .replaceAll(jobId, '')
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '')
      .replace(/"(duration|latency|pdf_url|extraction_url)":("[^"]*"|[\d.]+)/g, '');
    hashes.push(createHash('sha256').update(same).digest('hex'));
  }
  return [...new Set(hashes)].sort().join(' ');
}

interface Receiver {
  url: string;
  stop(): void;
}

/** Starts again each time that it has died. */
async function mortalReceiver(address: string, taskQueue: string): Promise<Receiver> {
  const port = await steadyPort();
  const folder = await mkdtemp(join(tmpdir(), 'bench-receiver-'));
  const file = fileURLToPath(new URL('receiver.ts', import.meta.url));
  let isWanted = true;
  let child: ChildProcess;
  const start = (): ChildProcess => {
    child = fork(file, [address, String(port), taskQueue, SECRET, folder], { execArgv: ['--import', 'tsx'] });
    child.once('exit', () => isWanted && start());
    return child;
  };
  await once(start(), 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      isWanted = false;
      child.kill('SIGKILL');
      void rm(folder, { recursive: true, force: true });
    },
  };
}
