import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { documentManifest, forgetDocument, type ForgetDocumentOptions } from '../../src/client/index.js';
import type { ForgetReport } from '../../src/jobs/forget.js';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import type { ProcessDocumentInput, ProcessDocumentResult } from '../../src/jobs/process-document.js';
import { claimKey, resultKey } from '../../src/results/result-key.js';
import { fileStore, type ResultStore } from '../../src/results/index.js';
import type { Operation } from '../../src/jobs/types.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { of, statesOf } from '../support/forget.js';
import { createHarness, type Harness, type HarnessOptions } from '../support/harness.js';
import { createDevServerEnv } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';
import { waitUntil } from '../support/wait-until.js';

const lenient = { type: 'object', properties: { invoice_number: { type: ['string', 'null'] } } };

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
let folder: string;
let store: ResultStore;
beforeAll(async () => {
  [env, documents] = await Promise.all([createDevServerEnv(), serveDocuments()]);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forget-'));
  store = fileStore(folder);
  return () => rm(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

/** Files of the store, whatever they hold. */
async function filesInStore(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe.each(VENDORS)('with $name, forgetDocument', (vendor) => {
  const deletes = vendor.name === 'reducto';
  const claims = vendor.name === 'pulse';
  /** What becomes of an ended job at the vendor, at first and later. */
  const [first, later] = deletes ? ['erased', 'absent'] : ['cannot', 'cannot'];

  async function within(options: HarnessOptions, test: (harness: Harness) => Promise<void>): Promise<void> {
    const harness = await createHarness(env, { vendor, store, ...options });
    harness.sandbox.durations.set('parse', 100);
    harness.sandbox.durations.set('extract', 100);
    try {
      await test(harness);
    } finally {
      await harness.stop();
    }
  }

  const settings = { provider: vendor.name, polling: { expected: '1s', cancelSettle: '5s' } };
  const process = ({ start }: Harness, over: Partial<ProcessDocumentInput> = {}): Promise<WorkflowHandle> =>
    start('processDocument', { source: documents.url('invoice-packet.pdf'), schema: lenient, ...settings, ...over });
  const forget = (
    { taskQueue }: Harness,
    { workflowId }: { workflowId: string },
    options: ForgetDocumentOptions = {},
  ): Promise<ForgetReport> => forgetDocument(env.client, workflowId, { taskQueue, ...options });
  /** What the sandbox still serves. */
  const served = ({ sandbox }: Harness): string[] =>
    sandbox.ledger.jobs().flatMap(({ jobId, gone }) => (gone === null ? [jobId] : []));

  it('erases results and, where the vendor can, its jobs, and says the same the second time', async () => {
    await within({}, async (harness) => {
      const handle = await process(harness);
      await handle.result();
      expect(await filesInStore()).toHaveLength(2);
      const report = await forget(harness, handle);
      expect(statesOf(report)).toEqual([
        `vendor_job parse ${first}`,
        `vendor_job extract ${first}`,
        'result parse erased',
        'claim parse absent',
        'result extract erased',
        'claim extract absent',
      ]);
      expect(report).toMatchObject({ schemaVersion: 1, workflowId: handle.workflowId, complete: true, notes: [] });
      expect(await filesInStore()).toEqual([]);
      if (deletes) expect(served(harness)).toEqual([]);
      else expect(of(report, 'vendor_job')[0]?.how).toContain('Extraction Library');
      const [history, ...more] = of(report, 'history');
      expect(more).toEqual([]);
      expect(history).toMatchObject({ state: 'expires', at: expect.stringMatching(/Z$/) as string });
      expect(history?.how).toMatch(/^temporal workflow delete --workflow-id \S+ --run-id \S+ --namespace default$/);

      const again = await forget(harness, handle);
      expect(statesOf(again)).toEqual(
        statesOf(report).map((row) => row.replace('erased', 'absent').replace(first ?? '', later ?? '')),
      );
      expect(again.complete).toBe(true);
    });
  });

  it('erases the claim of a result that is served once, too', async () => {
    await within({ sandbox: vendor.urlResults }, async (harness) => {
      const handle = await process(harness);
      const { parsed } = (await handle.result()) as ProcessDocumentResult;
      const job = { provider: vendor.name, account: vendor.name, operation: 'parse', jobId: parsed.jobId } as const;
      expect((await store.head(claimKey(job))) !== null).toBe(claims);
      const report = await forget(harness, handle);
      expect(of(report, 'claim').map(({ state }) => state)).toContain(claims ? 'erased' : 'absent');
      expect(await store.head(resultKey(job))).toBeNull();
      expect(await filesInStore()).toEqual([]);
    });
  });

  it('finds the jobs that were resubmitted and repaired, in all runs', async () => {
    const gone = { on: 'submit', operation: 'extract', call: 1, do: { status: 404, body: vendor.gone } } as const;
    const passing = { job: { failed: vendor.passing }, operation: 'parse' as Operation, nth: 1 };
    await within({ sandbox: { faults: [gone, passing] } }, async (harness) => {
      const handle = await process(harness);
      const { receipt } = (await handle.result()) as ProcessDocumentResult;
      expect(receipt.jobs.filter(({ resubmit }) => resubmit)).toHaveLength(1);
      expect(receipt.jobs.filter(({ repair }) => repair)).toHaveLength(1);
      const ids = harness.sandbox.ledger.accepted().map(({ jobId }) => jobId);
      expect(ids).toHaveLength(4);
      const report = await forget(harness, handle);
      expect(of(report, 'vendor_job').map(({ id }) => id)).toEqual(ids);
      expect(await filesInStore()).toEqual([]);
      if (deletes) expect(served(harness)).toEqual([]);
      const manifest = await documentManifest(env.client, handle.workflowId);
      expect(manifest.jobs.map(({ jobId }) => jobId).sort()).toEqual([...ids].sort());
    });
  });

  it('finds the jobs of earlier runs under the same id', async () => {
    const broken = { failed: { name: 'DOCUMENT_CORRUPT', message: 'cannot read the page tree' } };
    await within({ sandbox: { faults: [{ job: broken, operation: 'extract', nth: 1 }] } }, async (harness) => {
      const handle = await harness.startWith({ retry: { maximumAttempts: 1 } }, 'processDocument', {
        source: documents.url('invoice-packet.pdf'),
        schema: lenient,
        ...settings,
      });
      await handle.result().catch(() => undefined);
      const { taskQueue } = harness;
      const { workflowId } = handle;
      const input = { source: documents.url('invoice-packet.pdf'), ...settings };
      const second = await env.client.workflow.start('processDocument', { workflowId, taskQueue, args: [input] });
      await second.result();
      await waitUntil(
        async () => (await env.client.workflow.count(`WorkflowId = '${workflowId}'`)).count === 2,
        'both',
      );
      const report = await forget(harness, handle);
      expect(of(report, 'history')).toHaveLength(2);
      expect(of(report, 'vendor_job')).toHaveLength(3);
      expect(report.notes).toEqual([expect.stringContaining('2 runs')]);
      expect(await filesInStore()).toEqual([]);
    });
  });

  it('refuses a workflow that runs, then forgets it when it was cancelled', async () => {
    await within({ sandbox: { faults: [{ job: 'stuck' }] } }, async (harness) => {
      const handle = await process(harness);
      await waitUntil(() => harness.sandbox.ledger.jobs().length === 1, 'the job is accepted');
      const refused = await forget(harness, handle).catch(findDocumentFailure);
      expect(refused).toMatchObject({
        type: 'DocumentStillRunning',
        details: { workflowId: handle.workflowId, operation: 'forget' },
      });
      expect(harness.sandbox.ledger.counts().deletes).toBe(0);
      await handle.cancel();
      await handle.result().catch(() => undefined);
      const report = await forget(harness, handle);
      expect(of(report, 'vendor_job')).toMatchObject([{ operation: 'parse', state: first }]);
      if (deletes) expect(served(harness)).toEqual([]);
    });
  });

  it('stops the job of a workflow that was terminated, before it erases it', async () => {
    await within({ sandbox: { faults: [{ job: 'stuck' }] } }, async (harness) => {
      const handle = await process(harness, { polling: { expected: '1h' } });
      await waitUntil(async () => JSON.stringify(await handle.fetchHistory()).includes('imerStarted'), 'it sleeps');
      await handle.terminate('test');
      const report = await forget(harness, handle);
      expect(of(report, 'vendor_job')).toMatchObject([{ operation: 'parse', state: first }]);
      expect(harness.sandbox.ledger.jobs()).toMatchObject([{ state: 'Cancelled' }]);
    });
  });

  it('tries a vendor again that is down, and tells of it when its patience is over', async () => {
    await within({}, async (harness) => {
      const { sandbox } = harness;
      const handle = await process(harness);
      await handle.result();
      sandbox.faults.add({ on: 'get', do: 'html-502' });
      const report = await forget(harness, handle, { patience: 1 });
      expect(of(report, 'vendor_job').map(({ state }) => state)).toEqual(['unreachable', 'unreachable']);
      expect(report.complete).toBe(false);
      // What lies with us was erased all the same.
      expect(await filesInStore()).toEqual([]);

      const under = forget(harness, handle);
      await waitUntil(() => sandbox.ledger.counts().reads > 8, 'it is tried again');
      sandbox.faults.set([]);
      const done = await under;
      expect(of(done, 'vendor_job').map(({ state }) => state)).toEqual([first, first]);
      expect(done.complete).toBe(true);
    });
  });

  it('reports what is refused for good, and erases the rest', async () => {
    await within({}, async (harness) => {
      const handle = await process(harness);
      await handle.result();
      harness.sandbox.faults.add({ on: 'get', do: { status: 401 } });
      const report = await forget(harness, handle);
      expect(of(report, 'vendor_job')).toMatchObject([
        { state: 'refused', httpStatus: 401 },
        { state: 'refused', httpStatus: 401 },
      ]);
      expect(report.complete).toBe(false);
      expect(await filesInStore()).toEqual([]);
    });
  });

  it('leaves a job alone that another workflow has attached to, until that has ended', async () => {
    await within({ sandbox: { faults: [{ job: 'stuck' }] } }, async (harness) => {
      const { sandbox, start } = harness;
      const handle = await process(harness, { polling: { expected: '1h' } });
      await waitUntil(() => sandbox.ledger.jobs().length === 1, 'the job is accepted');
      const [{ jobId } = { jobId: '' }] = sandbox.ledger.jobs();
      await waitUntil(async () => JSON.stringify(await handle.fetchHistory()).includes('imerStarted'), 'it sleeps');
      const attached = await start('attachOnly', 'parse', jobId, { ...settings, polling: { expected: '1h' } });
      await waitUntil(
        async () => JSON.stringify(await attached.fetchHistory()).includes('imerStarted'),
        'it sleeps too',
      );
      await handle.terminate('test');
      const report = await forget(harness, handle);
      expect(of(report, 'vendor_job')).toMatchObject([
        { state: 'refused', how: expect.stringContaining('waits for') as string },
      ]);
      expect(of(report, 'result')).toEqual([]);
      expect(sandbox.ledger.counts().cancels).toBe(0);
      await attached.terminate('test');
      const after = await forget(harness, handle);
      expect(of(after, 'vendor_job')).toMatchObject([{ state: first }]);
    });
  });

  it('forgets jobs and uploads by their names, and says that it knows nothing of an unknown id', async () => {
    await within({}, async (harness) => {
      const { start, sandbox } = harness;
      const jobId = await vendor.parse(sandbox, documents.url('invoice-packet.pdf'));
      await sandbox.jobs.finish(jobId);
      const account = { provider: vendor.name, account: vendor.name };
      const jobs = [
        { ...account, operation: 'parse', jobId },
        { ...account, operation: 'parse', jobId: vendor.forgotten.replace('jobid://', '') },
        { provider: vendor.name, account: 'nobody', operation: 'parse', jobId: 'x' },
      ];
      const report = (await (await start('forgetDocument', { jobs })).result()) as ForgetReport;
      expect(of(report, 'vendor_job').map(({ state }) => state)).toEqual([first, 'absent', 'refused']);
      expect(of(report, 'vendor_job')[2]?.how).toContain('no account "nobody"');
      expect(report).toMatchObject({ workflowId: null, complete: false });
      for (const [input, field] of [
        [{ workflowId: 'unheard-of' }, 'workflowId'],
        [{}, 'workflowId'],
        [{ jobs, patience: 'a while' }, 'patience'],
      ] as const) {
        const failure: unknown = await (await start('forgetDocument', input)).result().catch(findDocumentFailure);
        expect(failure).toMatchObject({ type: 'DocumentInputInvalid', details: { field } });
      }
    });
  });
});
