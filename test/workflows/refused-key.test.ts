import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import type { ProcessDocumentInput, ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { DocumentJobsStatus } from '../../src/jobs/types.js';
import { STATUS_QUERY } from '../../src/index.js';
import type { SandboxOptions } from '../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { type Harness, LONG_ASLEEP_MS, SINGLE_READS, withHarness } from '../support/harness.js';
import { createTimeSkipping } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
beforeAll(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

const HOUR_MS = 3_600_000;
const GOOD = 'sandbox-key';

describe.each(VENDORS)('with $name, a key that is revoked', (vendor) => {
  /** @param test may change the worker's key. */
  const within = (
    sandbox: SandboxOptions,
    test: (harness: Harness, key: { now: string }) => Promise<void>,
  ): Promise<void> => {
    const key = { now: GOOD };
    const expected = { parse: LONG_ASLEEP_MS / 10 };
    return withHarness(env, { sandbox, vendor, expected, apiKey: () => key.now }, (harness) => test(harness, key));
  };
  const input = (over: Partial<ProcessDocumentInput> = {}): ProcessDocumentInput => ({
    source: documents.url('invoice-packet.pdf'),
    provider: vendor.name,
    sections: [{ name: 'Invoice', description: 'invoice with line items and total' }],
    polling: SINGLE_READS,
    ...over,
  });
  /** What the workflow says is wrong, and the calls that the vendor has refused so far. */
  async function troubleOf(handle: Awaited<ReturnType<Harness['start']>>, { sandbox }: Harness) {
    const { jobs } = await handle.query<DocumentJobsStatus, []>(STATUS_QUERY);
    return { trouble: jobs.at(-1)?.trouble, refused: sandbox.ledger.counts().refusedKeys };
  }

  it('while a job runs is waited out, with few reads, and the document goes on when it is back', async () => {
    await within({}, async (harness, key) => {
      const { start, sandbox } = harness;
      sandbox.durations.set('parse', 2 * HOUR_MS);
      const handle = await start('processDocument', input());
      await env.sleep('30 minutes');
      key.now = 'revoked';
      await env.sleep('5 hours');
      const { trouble, refused } = await troubleOf(handle, harness);
      expect(trouble).toMatch(/key|401|auth/i);
      expect(refused).toBeGreaterThanOrEqual(2);
      expect(refused).toBeLessThanOrEqual(20);
      key.now = GOOD;
      expect(((await handle.result()) as ProcessDocumentResult).status).toBe('complete');
      expect(sandbox.ledger.submits()).toHaveLength(2);
    });
  });

  it('between two jobs is waited out too, and the submit is sent again', async () => {
    await within({}, async (harness, key) => {
      const { start, sandbox } = harness;
      const handle = await start('processDocument', input());
      await env.sleep('30 minutes');
      const held = sandbox.faults.hold({ on: 'get' });
      const result = handle.result() as Promise<ProcessDocumentResult>;
      // The read that finds the parse done is the last one that the key is good for.
      await held.reached;
      key.now = 'revoked';
      held.release();
      await expect.poll(async () => (await troubleOf(handle, harness)).refused, { timeout: 10_000 }).toBeGreaterThan(2);
      expect((await troubleOf(handle, harness)).trouble).toMatch(/refuses the key/);
      key.now = GOOD;
      const { status, receipt } = await result;
      expect(status).toBe('complete');
      expect(receipt.jobs.find(({ operation }) => operation === 'split')?.submits).toBeGreaterThan(2);
      expect(sandbox.ledger.accepted()).toHaveLength(2);
    });
  });

  it('before anything was accepted is a mistake', async () => {
    await within({}, async ({ start, sandbox }, key) => {
      key.now = 'wrong';
      const handle = await start('processDocument', input());
      expect(await handle.result().catch(findDocumentFailure)).toMatchObject({ type: 'DocumentAccountRefused' });
      expect(sandbox.ledger.counts().refusedKeys).toBe(1);
    });
  });

  it('is waited out from the start where the user says so; cancelling ends that at once', async () => {
    await within({}, async (harness, key) => {
      const { start, sandbox } = harness;
      key.now = 'wrong';
      const handle = await start('processDocument', input({ onRefusedKey: 'wait' }));
      await env.sleep('1 hour');
      expect((await troubleOf(handle, harness)).refused).toBeLessThanOrEqual(40);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      expect(sandbox.ledger.accepted()).toHaveLength(0);
    });
  });

  it('fails the document where the user says so, and says that its job may run on', async () => {
    await within({}, async ({ start, sandbox }, key) => {
      sandbox.durations.set('parse', 5 * HOUR_MS);
      const handle = await start('processDocument', input({ onRefusedKey: 'fail' }));
      await env.sleep('20 minutes');
      key.now = 'revoked';
      expect(await handle.result().catch(findDocumentFailure)).toMatchObject({ type: 'DocumentAccountRefused' });
      const { memo } = await handle.describe();
      expect(memo?.documentReceipt).toMatchObject({ jobs: [{ operation: 'parse', outcome: 'unknown' }] });
      // For the golden rule: the reaper's work.
      await sandbox.jobs.finish(sandbox.ledger.jobs()[0]?.jobId ?? '');
    });
  });
});
