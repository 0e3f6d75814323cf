import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { type HarnessOptions, SINGLE_READS, withHarness } from '../support/harness.js';
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

describe.each(VENDORS)('with $name, a job that was seen completed, and of which Temporal did not hear', (vendor) => {
  /** The first poll brings the result home and dies; then the vendor says something else. */
  const losing = (sandboxOf: () => Sandbox, change: Change): HarnessOptions['wrap'] => {
    let isLost = false;
    return (activities) => ({
      ...activities,
      async pollDocumentJob(input) {
        const output = await activities.pollDocumentJob(input);
        if (isLost || output.state !== 'completed') return output;
        isLost = true;
        await change(sandboxOf(), input.job.jobId);
        throw ApplicationFailure.retryable('its completion was lost');
      },
    });
  };
  type Change = (sandbox: Sandbox, jobId: string) => Promise<void> | void;

  it.each<[string, Change]>([
    ['fails for a reason that may pass', ({ jobs }, jobId) => jobs.fail(jobId, vendor.passing)],
    ['runs again', ({ jobs }, jobId) => jobs.setStatusWord(jobId, vendor.runningWords[2] ?? '')],
    ['is gone', ({ jobs }, jobId) => jobs.vanish(jobId)],
  ])('and now %s, has one result and is not submitted again', async (_what, change) => {
    let sandbox: Sandbox | undefined;
    const wrap = losing(() => sandbox!, change);
    await withHarness(env, { vendor, wrap }, async (harness) => {
      sandbox = harness.sandbox;
      const handle = await harness.start('processDocument', {
        source: documents.url('invoice-packet.pdf'),
        provider: vendor.name,
        polling: SINGLE_READS,
      });
      const { status, receipt, parsed } = (await handle.result()) as ProcessDocumentResult;
      expect(status).toBe('complete');
      expect(receipt.jobs).toMatchObject([{ outcome: 'completed', submits: 1, resubmit: false }]);
      expect(await harness.store.head(parsed.stored.key)).toMatchObject({ sha256: parsed.stored.sha256 });
      expect(sandbox.ledger.accepted()).toHaveLength(1);
      // The stand-in is not to be left with a job that its books call running.
      sandbox.jobs.setStatusWord(parsed.jobId, null);
    });
  });
});
