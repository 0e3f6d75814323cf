// Temporal's external storage together with the example's codec: what is too large for a history lies elsewhere, encrypted.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { type DataConverter, ExternalStorage } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encrypted } from '../../examples/encryption/data-converter.js';
import { STATUS_QUERY } from '../../src/index.js';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { ReapReport } from '../../src/jobs/reap.js';
import type { DocumentJobsStatus } from '../../src/jobs/types.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { makeCanaries, scan, scanFolder } from '../support/canaries.js';
import { type DocumentServer, serveDocuments } from '../support/document-server.js';
import { installQuietRuntime } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';
import { waitUntil } from '../support/wait-until.js';
import { folderDriver } from './folder-driver.js';
import { bundleForEncryption, openStand, type Stand, TASK_QUEUE } from './stand.js';

const THRESHOLD = 8 * 1024;
const FIELDS = 100;
const CANARIES = makeCanaries(['value', 'prompt', 'text'] as const, 'e');
const field = (index: number): string => `clause_${String.fromCharCode(97 + (index % 26))}${index}`;
const valueOf = (index: number): string =>
  `${CANARIES.value} ${index} of the agreement between both parties about everything that either of them owes to the other`;

const lines = Array.from({ length: FIELDS }, (_, index) => `${field(index).replace('_', ' ')}: ${valueOf(index)}`);
const DOCUMENT = `${lines.join('\n')}\n\n${CANARIES.text} is body text.\n`;
const properties = Object.fromEntries(lines.map((_, index) => [field(index), { type: 'string' }]));
/** Beyond Temporal's own limit for one payload, of 2 MiB. */
const PROMPT = `${CANARIES.prompt} `.repeat(72_000);

let bundle: Awaited<ReturnType<typeof bundleForEncryption>>;
let documents: DocumentServer;
let sandbox: Sandbox;
let stand: Stand;
let folder: string;
let dataConverter: DataConverter;

beforeAll(async () => {
  installQuietRuntime();
  [bundle, documents, sandbox, folder] = await Promise.all([
    bundleForEncryption(),
    serveDocuments(),
    createSandbox({ duration: { baseMs: 100, perPageMs: 0, jitter: 0 } }),
    mkdtemp(join(tmpdir(), 'external-storage-')),
  ]);
  dataConverter = {
    ...encrypted({ current: 'k1', keys: { k1: randomBytes(32) } }),
    externalStorage: new ExternalStorage({ drivers: [folderDriver(folder)], payloadSizeThreshold: THRESHOLD }),
  };
  const accounts = Object.fromEntries(VENDORS.map((vendor) => [vendor.name, vendor.provider(sandbox)]));
  stand = await openStand(bundle.codePath, dataConverter, accounts);
}, 120_000);
afterAll(async () => {
  await Promise.all([stand?.close(), sandbox?.close(), documents?.close(), bundle?.remove()]);
  await rm(folder, { recursive: true, force: true });
});

async function isSubmitted(handle: WorkflowHandle): Promise<boolean> {
  const { jobs } = await handle.query<DocumentJobsStatus, []>(STATUS_QUERY);
  return jobs.some(({ operation, jobId }) => operation === 'extract' && jobId !== null);
}

async function processLarge(name: string): Promise<{ handle: WorkflowHandle; result: ProcessDocumentResult }> {
  const handle = await startLarge(name, `large-${name}`);
  return { handle, result: (await handle.result()) as ProcessDocumentResult };
}

function startLarge(name: string, workflowId: string): Promise<WorkflowHandle> {
  const prompt =
    name === 'reducto' ? { instructions: { system_prompt: PROMPT } } : { schema_config: { schema_prompt: PROMPT } };
  const input = {
    source: documents.add('clauses.txt', Buffer.from(DOCUMENT)),
    provider: name,
    schema: { type: 'object', properties },
    options: { extract: prompt },
    polling: { expected: 100 },
  };
  return stand.client.workflow.start('processDocument', { workflowId, taskQueue: TASK_QUEUE, args: [input] });
}

describe('external storage and codec', () => {
  it('large documents go through, with small histories that replay', { timeout: 90_000 }, async () => {
    const processed = await Promise.all(VENDORS.map(({ name }) => processLarge(name)));
    for (const { handle, result } of processed) {
      expect(result.status).toBe('complete');
      expect(JSON.stringify(result.extract?.data).length).toBeGreaterThan(THRESHOLD);
      expect(result.extract?.data).toMatchObject({ [field(7)]: valueOf(7) });
      const { raw } = await handle.describe();
      expect(Number(raw.workflowExecutionInfo?.historySizeBytes)).toBeLessThan(200_000);
      const history = await handle.fetchHistory();
      expect(scan('history', JSON.stringify(history), CANARIES)).toEqual([]);
      const workflowBundle = { codePath: bundle.codePath };
      await Worker.runReplayHistory({ workflowBundle, dataConverter }, history, handle.workflowId);
    }
  });

  it(
    'the reaper reads what lies elsewhere: the jobs of terminated workflows are cancelled',
    { timeout: 90_000 },
    async () => {
      sandbox.faults.add({ job: 'stuck', operation: 'extract' });
      const before = sandbox.ledger.jobs().length;
      const started = await Promise.all(VENDORS.map(({ name }) => startLarge(name, `orphan-${name}`)));
      const jobs = () => sandbox.ledger.jobs().slice(before);
      const stuck = () => jobs().filter(({ operation }) => operation === 'extract');
      await waitUntil(() => stuck().length === VENDORS.length, 'both extracts are accepted');
      await Promise.all(
        started.map((handle) => waitUntil(async () => isSubmitted(handle), 'the workflow knows its job')),
      );
      await Promise.all(started.map((handle) => handle.terminate('test')));
      const query = `TaskQueue = '${TASK_QUEUE}' AND ExecutionStatus = 'Terminated'`;
      await waitUntil(async () => (await stand.client.workflow.count(query)).count === VENDORS.length, 'lists show it');
      const sweep = { workflowId: 'sweep', taskQueue: TASK_QUEUE, args: [{ query, minimumAge: 0 }] };
      const report = (await stand.client.workflow.execute('reapOrphanedJobs', sweep)) as ReapReport;
      expect(report.orphans.map(({ jobId, outcome }) => [jobId, outcome]).sort()).toEqual(
        stuck()
          .map(({ jobId }) => [jobId, 'cancelled'])
          .sort(),
      );
    },
  );

  it('neither the folder nor the database holds plaintext', async () => {
    await stand.stop();
    // The input of each workflow, the request of its extract, and both values.
    expect((await readdir(folder)).length).toBeGreaterThanOrEqual(VENDORS.length * 4);
    expect(await scanFolder(folder, CANARIES)).toEqual([]);
    expect(await scanFolder(stand.databaseFolder, CANARIES)).toEqual([]);
  });
});
