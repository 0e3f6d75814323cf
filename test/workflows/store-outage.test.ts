import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createDocumentActivities } from '../../src/activities/index.js';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import type { ParsedDocument } from '../../src/workflows/index.js';
import type { Provider } from '../../src/providers/provider.js';
import { memoryStore, readResult, ResultStoreError, type ResultStore } from '../../src/results/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { createHarness, type HarnessOptions, SINGLE_READS, withHarness } from '../support/harness.js';
import { createTimeSkipping } from '../support/temporal.js';
import { type Vendor, VENDORS } from '../support/vendors.js';

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
beforeAll(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

const MINUTE = 60_000;
/** When a workflow has ended, the server may skip to the moment when it would have timed out: within any vendor's retention. */
const SHORT_LIVED = { workflowRunTimeout: '3h' } as const;

/** A store that takes nothing while it is in trouble. */
function troubled(
  isBad: () => Promise<boolean>,
  retryable: boolean,
): ResultStore & { refusals: number; putAt: number } {
  const good = memoryStore();
  const store = {
    ...good,
    refusals: 0,
    /** Simulated, of the last put that it took. */
    putAt: 0,
    async put(...args: Parameters<ResultStore['put']>) {
      if (!(await isBad())) {
        store.putAt = await env.currentTimeMs();
        return good.put(...args);
      }
      store.refusals += 1;
      throw new ResultStoreError('no space left (ENOSPC)', retryable);
    },
  };
  return store;
}

/** A poll asks the store again without waiting between, since a started activity holds simulated time; Temporal waits for the next attempt. */
function impatient(vendor: Vendor, results: ResultStore): Pick<HarnessOptions, 'vendor' | 'wrap'> {
  const accounts: Record<string, Provider> = {};
  const now = (): Promise<number> => env.currentTimeMs();
  const { pollDocumentJob } = createDocumentActivities({ accounts, results, now, sleep: async () => undefined });
  return {
    vendor: { ...vendor, provider: (...given) => (accounts[vendor.name] = vendor.provider(...given)) },
    wrap: (activities) => ({ ...activities, pollDocumentJob }),
  };
}

describe.each(VENDORS)('with $name', (vendor) => {
  const settings = { provider: vendor.name, polling: SINGLE_READS };

  it('a store in trouble for an hour is asked again well within the vendor’s retention, and nothing is submitted again', async () => {
    const healsAt = (await env.currentTimeMs()) + 60 * MINUTE;
    const store = troubled(async () => (await env.currentTimeMs()) < healsAt, true);
    await withHarness(env, { ...impatient(vendor, store), store }, async ({ startWith, sandbox }) => {
      const handle = await startWith(SHORT_LIVED, 'parseOnly', documents.url('invoice-packet.pdf'), settings);
      const { stored } = (await handle.result()) as ParsedDocument;
      expect(store.refusals).toBeGreaterThan(10);
      expect(await readResult(store, stored)).toHaveProperty(vendor.parsedText);
      expect(sandbox.ledger.counts()).toMatchObject({ submits: 1, accepted: 1 });
      expect(store.putAt - healsAt).toBeLessThan(30 * MINUTE);
    });
  });

  it('a store that refuses ends the job; when it is mended, attach has the result of the job that was paid', async () => {
    let isBad = true;
    const store = troubled(async () => isBad, false);
    // Not held to the golden rule: two receipts name the one job.
    const { startWith, sandbox, stop } = await createHarness(env, { vendor, store });
    try {
      const failed = await startWith(SHORT_LIVED, 'parseOnly', documents.url('invoice-packet.pdf'), settings);
      const failure: unknown = await failed.result().catch(findDocumentFailure);
      expect(failure).toMatchObject({ type: 'DocumentResultStoreRefused' });
      const { jobId } = (failure as { details: { jobId: string } }).details;
      isBad = false;
      const options = { ...settings, lease: false };
      const attached = await startWith(SHORT_LIVED, 'attachOnly', 'parse', jobId, options);
      expect(await attached.result()).toMatchObject({ stored: { key: expect.stringContaining(jobId) as string } });
      expect(sandbox.ledger.counts()).toMatchObject({ submits: 1, accepted: 1 });
    } finally {
      await stop();
    }
  });
});
