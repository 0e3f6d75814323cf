import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentActivities, memoryStore, reducto } from '../../src/index.js';
import { batchDrives, batchRows, latestBatchRows, rowsToCsv } from '../../src/batch/record/index.js';
import type { BatchActivities } from '../../src/jobs/batch-activities.js';
import type { BatchRow, BatchStatus, ProcessBatchInput } from '../../src/jobs/batch.js';
import { ACTIVITY } from '../../src/jobs/names.js';
import { all } from '../support/batch-record.js';
import { jsonLines } from '../support/batch-plan.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { createHarness, type Harness } from '../support/harness.js';
import { createDevServerEnv } from '../support/temporal.js';

const DOCUMENTS = 20;
const store = memoryStore();
let folder: string;
let env: TestWorkflowEnvironment;
let documents: DocumentServer;
let harness: Harness;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'batch-whole-'));
  [env, documents] = await Promise.all([createDevServerEnv(), serveDocuments()]);
  harness = await createHarness(env, {
    sandbox: { speed: 50 },
    store,
    wrap: (own) => ({ ...own, ...batchActivities() }),
  });
});
afterAll(async () => {
  await harness.stop();
  await documents.close();
  await env.teardown();
  await rm(folder, { recursive: true, force: true });
});

/** Of a worker that reads manifests from the folder; its vendor is only asked what it thinks of URLs. */
function batchActivities(): BatchActivities {
  const accounts = { reducto: reducto({ apiKey: 'unused', baseUrl: 'http://127.0.0.1:9' }) };
  const { planBatch, batchPage, recordBatch, awaitBatch } = ACTIVITY;
  const made = createDocumentActivities({ accounts, results: store, manifests: [folder] });
  return {
    [planBatch]: made[planBatch],
    [batchPage]: made[batchPage],
    [recordBatch]: made[recordBatch],
    [awaitBatch]: made[awaitBatch],
  };
}

async function batch(input: ProcessBatchInput): Promise<{ batchId: string; status: BatchStatus }> {
  const handle = await harness.start('processBatch', input);
  return { batchId: handle.workflowId, status: (await handle.result()) as BatchStatus };
}
const countOf = (rows: BatchRow[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

describe('a batch, from manifest to record, on a real server', () => {
  it('does each document once, tells the others, and pays nothing for the same manifest again', async () => {
    const source = documents.url('invoice-packet.pdf');
    const good = Array.from({ length: DOCUMENTS }, (_, at) => ({ source, id: `d${at}`, tenant: `t${at % 2}` }));
    const path = join(folder, 'm.jsonl');
    await writeFile(
      path,
      jsonLines([...good, { id: 'none' }, { source, id: 'd0' }, { source: `${source}-missing`, id: 'gone' }]),
    );
    const input: ProcessBatchInput = { manifest: { kind: 'file', path }, request: { provider: 'reducto' }, window: 10 };
    const jobs = (): number => harness.sandbox.ledger.jobs().length;

    const first = await batch(input);
    expect(first.status).toMatchObject({ documents: DOCUMENTS + 1, unusableRows: 2, stage: 'ended', reused: 0 });
    const rows = await all(batchRows(store, first.batchId, { live: true }));
    expect(rows).toHaveLength(DOCUMENTS + 3);
    const counts = countOf(rows);
    expect(counts.done).toBe(DOCUMENTS);
    const paid = jobs();
    expect(rows.filter(({ workflowId }) => workflowId === null).map(({ error }) => error?.reason)).toEqual([
      expect.stringMatching(/^line 21: has no source/),
      expect.stringMatching(/^line 22: its id "d0" stands in line 1 already/),
    ]);
    const csv = (await all(rowsToCsv(latestBatchRows(store, first.batchId)))).join('');
    expect(csv.split('\r\n')).toHaveLength(DOCUMENTS + 3 + 2);

    const again = await batch(input);
    const rowsAgain = await all(batchRows(store, again.batchId));
    expect(countOf(rowsAgain).done).toBe(DOCUMENTS);
    expect(rowsAgain.filter(({ state, reused }) => state === 'done' && reused === true)).toHaveLength(DOCUMENTS);
    const paidForGone = jobs() - paid;
    expect(paidForGone).toBeLessThanOrEqual(2);

    const redrive = await batch({
      ...input,
      redrive: { batchId: first.batchId, select: { ids: ['d3', 'd4', 'd0', 'x'] } },
    });
    expect(redrive.status).toMatchObject({ drive: 1, documents: 3 });
    expect((await batchDrives(store, first.batchId)).map(({ drive, end }) => [drive, end !== null])).toEqual([
      [0, true],
      [1, true],
    ]);
    const redriven = await all(batchRows(store, first.batchId, { drive: 1 }));
    expect(redriven.map(({ id }) => id).sort()).toEqual(['d0', 'd3', 'd4']);
    expect(jobs()).toBe(paid + paidForGone + 3);
  }, 180_000);
});
