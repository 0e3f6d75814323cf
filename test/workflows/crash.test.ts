import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DevServer, startDevServer } from '../../src/local/dev-server.js';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { VENDORS } from '../support/vendors.js';
import { waitUntil } from '../support/wait-until.js';

let folder: string;
let server: DevServer;
let sandbox: Sandbox;
let documents: DocumentServer;
let workers: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crash-'));
  workers = [];
  [server, sandbox, documents] = await Promise.all([
    startDevServer({ dbFilename: join(folder, 'temporal.db'), headless: true }),
    createSandbox({ duration: { baseMs: 3_000, perPageMs: 0, jitter: 0 } }),
    serveDocuments(),
  ]);
});
afterEach(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all([server.stop(), sandbox.close(), documents.close()]);
  await rm(folder, { recursive: true, force: true });
});

function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, ['dist/cli/main.js', 'worker', '--results', join(folder, 'results')], {
    env: {
      ...process.env,
      TEMPORAL_ADDRESS: server.address,
      REDUCTO_API_KEY: sandbox.reducto.apiKey,
      REDUCTO_BASE_URL: sandbox.reducto.baseUrl,
      PULSE_API_KEY: sandbox.pulse.apiKey,
      PULSE_BASE_URL: sandbox.pulse.baseUrl,
    },
    stdio: 'ignore',
  });
  workers.push(worker);
  return worker;
}

async function start(client: Client, provider: string) {
  const input = {
    source: documents.url('invoice-packet.pdf'),
    provider,
    schema: { type: 'object', properties: { invoice_number: { type: 'string' } } },
    sections: [{ name: 'Invoice', description: 'invoice with line items and total' }],
    // Long enough for the kill to meet the durable sleep.
    polling: { expected: '10s' },
  };
  return client.workflow.start('processDocument', {
    taskQueue: 'document-jobs',
    workflowId: randomUUID(),
    args: [input],
  });
}

const isWaiting = async (handle: WorkflowHandle): Promise<boolean> =>
  (await handle.fetchHistory()).events?.some((event) => event.timerStartedEventAttributes != null) ?? false;

const oneSubmitEach = (): void => {
  for (const operation of ['parse', 'extract', 'split'] as const) {
    expect(sandbox.ledger.accepted(operation), operation).toHaveLength(1);
  }
};

describe.each(VENDORS)('with $name on a real dev server', { timeout: 90_000 }, ({ name }) => {
  it('a worker killed with -9 while waiting goes on with the same job', async () => {
    const connection = await Connection.connect({ address: server.address });
    const worker = startWorker();
    const handle = await start(new Client({ connection }), name);
    await waitUntil(() => isWaiting(handle), 'the workflow sleeps');
    worker.kill('SIGKILL');
    startWorker();
    const result = (await handle.result()) as ProcessDocumentResult;
    expect(result.status).toBe('complete');
    expect(result.receipt.submits).toBe(3);
    oneSubmitEach();
    await connection.close();
  });

  it('a server killed with -9 and restarted on the same database goes on', async () => {
    const port = Number(server.address.split(':')[1]);
    startWorker();
    const before = await Connection.connect({ address: server.address });
    const handle = await start(new Client({ connection: before }), name);
    await waitUntil(() => isWaiting(handle), 'the workflow sleeps');
    server.kill();
    await before.close();
    server = await startDevServer({ dbFilename: join(folder, 'temporal.db'), headless: true, port });
    const connection = await Connection.connect({ address: server.address });
    const result = (await new Client({ connection }).workflow
      .getHandle(handle.workflowId)
      .result()) as ProcessDocumentResult;
    expect(result.status).toBe('complete');
    oneSubmitEach();
    await connection.close();
  });
});
