// One document before and one after a rotation of the key, on a dev server of its own and the sandbox. See README.md.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { type ProcessDocumentInput, reducto } from 'temporal-document-jobs';
import { createSandbox } from 'temporal-document-jobs/sandbox';
// Your own Temporal stands here. The package has this one for its command line only.
import { startDevServer } from '../../src/local/index.js';
import { createEncryptedClient } from './client.js';
import type { KeyRing } from './key-ring.js';
import { createEncryptedWorker } from './worker.js';

const TASK_QUEUE = 'encrypted-documents';
const TEXT = 'Invoice number: INV-4711\nCustomer: Harbour & Finch Ltd\nTotal: $12.50\n';
const SCHEMA = {
  type: 'object',
  properties: { invoice_number: { type: 'string' }, customer: { type: 'string' }, total: { type: 'number' } },
};

Runtime.install({ logger: new DefaultLogger('WARN') });
const folder = await mkdtemp(join(tmpdir(), 'encryption-example-'));
const database = join(folder, 'temporal.db');
const server = await startDevServer({ dbFilename: database, headless: true, log: console.log });
const sandbox = await createSandbox({ duration: { baseMs: 200, perPageMs: 0, jitter: 0 } });
const document = await uploadToSandbox();

const first: KeyRing = { current: '2026-10', keys: { '2026-10': randomBytes(32) } };
/** The new key is there before it is used, the old one stays for what it has encrypted. */
const both: KeyRing = { current: '2026-11', keys: { ...first.keys, '2026-11': randomBytes(32) } };
try {
  console.log('Key 2026-10:', await processWith(first, 'document-1'));
  console.log('Key 2026-11:', await processWith(both, 'document-2'));
  const connection = await Connection.connect({ address: server.address });
  const result = (ring: KeyRing): Promise<unknown> =>
    createEncryptedClient(connection, ring).workflow.getHandle('document-1').result();
  await result(both);
  console.log('document-1 is readable after the rotation');
  const lost: KeyRing = { current: '2026-11', keys: { '2026-11': both.keys['2026-11'] ?? randomBytes(32) } };
  const why = await result(lost).catch((error: Error) => error.message);
  console.log(`without the old key: ${String(why)}`);
  await connection.close();
} finally {
  await sandbox.close();
  await server.stop();
}
console.log(`"INV-4711" stands ${await countInDatabase('INV-4711')} times in Temporal's database`);
await rm(folder, { recursive: true, force: true });

async function processWith(ring: KeyRing, workflowId: string): Promise<unknown> {
  const [connection, native] = await Promise.all([
    Connection.connect({ address: server.address }),
    NativeConnection.connect({ address: server.address }),
  ]);
  const worker = await createEncryptedWorker({
    connection: native,
    taskQueue: TASK_QUEUE,
    ring,
    reducto: reducto(sandbox.reducto),
    results: join(folder, 'results'),
  });
  const input: ProcessDocumentInput = { source: document, schema: SCHEMA, polling: { expected: 200 } };
  const client = createEncryptedClient(connection, ring);
  const result = await worker.runUntil(
    client.workflow.execute<(input: ProcessDocumentInput) => Promise<{ extract?: { data?: unknown } }>>(
      'processDocument',
      { workflowId, taskQueue: TASK_QUEUE, args: [input] },
    ),
  );
  await Promise.all([connection.close(), native.close()]);
  return result.extract?.data;
}

/** The sandbox has no document of its own, and hands out references to what was uploaded, as the vendor does. */
async function uploadToSandbox(): Promise<string> {
  const { baseUrl, apiKey } = sandbox.reducto;
  const body = new FormData();
  body.set('file', new Blob([TEXT]), 'invoice.txt');
  const response = await fetch(`${baseUrl}/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body,
  });
  return ((await response.json()) as { file_id: string }).file_id;
}

async function countInDatabase(word: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('temporal.db'));
  const bytes = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')));
  return bytes.join('').split(word).length - 1;
}
