import { readFileSync } from 'node:fs';
import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatchDocumentEnd } from '../../src/jobs/batch.js';
import { sizeOf } from '../../src/jobs/batch-end.js';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import type { ProcessDocumentInput, ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { ParsedReference, Receipt, SectionSpec } from '../../src/jobs/types.js';
import type { SandboxOptions } from '../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { type Harness, SINGLE_READS, withHarness } from '../support/harness.js';
import { historyText } from '../support/history-text.js';
import { createTimeSkipping } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';

const sections = JSON.parse(readFileSync('examples/sections.json', 'utf8')) as SectionSpec[];
const lenient = { type: 'object', properties: { invoice_number: { type: ['string', 'null'] } } };

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
beforeEach(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterEach(async () => {
  await documents.close();
  await env.teardown();
});

const WORKFLOW = 'processBatchDocument';

describe.each(VENDORS)('with $name, processBatchDocument', (vendor) => {
  const within = (sandbox: SandboxOptions, test: (harness: Harness) => Promise<void>): Promise<void> =>
    withHarness(env, { sandbox, vendor }, test);
  const input = (over: Partial<ProcessDocumentInput> = {}): ProcessDocumentInput => ({
    source: documents.url('invoice-packet.pdf'),
    provider: vendor.name,
    polling: SINGLE_READS,
    ...over,
  });
  /** A parse as an earlier document left it. */
  async function parse({ start }: Harness): Promise<ParsedReference> {
    const handle = await start('processDocument', input());
    const { provider, account, parsed } = (await handle.result()) as ProcessDocumentResult;
    return { provider, account, ...parsed };
  }
  async function failureOf(handle: WorkflowHandle): Promise<{ error: unknown; end: BatchDocumentEnd }> {
    const error: unknown = await handle.result().catch((one: unknown) => one);
    const { cause } = error as { cause?: unknown };
    if (!(cause instanceof ApplicationFailure)) throw error;
    return { error, end: cause.details?.[1] as BatchDocumentEnd };
  }

  it('returns little and keeps values in the store', async () => {
    await within({}, async ({ start }) => {
      const handle = await start(WORKFLOW, input({ schema: lenient, sections }));
      const end = (await handle.result()) as BatchDocumentEnd;
      expect(end).toMatchObject({ state: 'done', pages: expect.any(Number) as number });
      expect(end.jobs.map(({ operation, outcome }) => [operation, outcome]).sort()).toEqual([
        ['extract', 'completed'],
        ['parse', 'completed'],
        ['split', 'completed'],
      ]);
      expect(end.jobs.every(({ stored }) => stored !== undefined)).toBe(true);
      expect(end).not.toHaveProperty('parsed');
      expect(sizeOf(end)).toBeLessThanOrEqual(2_048);
      expect(Date.parse(end.endedAt)).toBeGreaterThan(Date.parse(end.startedAt));
      expect(await historyText(handle)).not.toContain('"data":{"invoice_number"');
    });
  });

  it('says little of many sections too', async () => {
    await within({}, async ({ start }) => {
      const handle = await start(WORKFLOW, input({ schema: lenient, sections, extractPerSection: true }));
      const end = (await handle.result()) as BatchDocumentEnd;
      expect(end.state).toBe('done');
      expect(sizeOf(end)).toBeLessThanOrEqual(2_048);
      expect(end.jobs[0]?.operation).toBe('parse');
    });
  });

  it('tells of a gap, and of the parse that the rest can be done with', async () => {
    const broken = { failed: { name: 'PROCESSING_FAILED_FOR_GOOD', message: 'no' } };
    await within({ faults: [{ job: broken, operation: 'extract' }] }, async ({ start }) => {
      const handle = await start(WORKFLOW, input({ schema: lenient, sections }));
      expect(await handle.result()).toMatchObject({
        state: 'done_with_gaps',
        error: { type: 'DocumentJobFailed', operation: 'extract' },
        parsed: { provider: vendor.name, reference: expect.any(String) as string },
      });
    });
  });

  it('fails as processDocument does; a document that is at fault is refused', async () => {
    const code = vendor.name === 'pulse' ? 'FILE_003' : 'DOCUMENT_CORRUPT';
    const broken = { failed: { name: code, message: 'the page tree is damaged' } };
    await within({ faults: [{ job: broken, operation: 'parse' }] }, async ({ start }) => {
      const handle = await start(WORKFLOW, input());
      const { error, end } = await failureOf(handle);
      expect((await handle.describe()).status.name).toBe('FAILED');
      expect(findDocumentFailure(error)).toMatchObject({
        type: 'DocumentJobFailed',
        details: { provider: vendor.name, vendorCode: code, documentAtFault: true },
      });
      expect(end).toMatchObject({
        state: 'refused',
        error: { type: 'DocumentJobFailed', vendorCode: code, operation: 'parse' },
        jobs: [{ operation: 'parse', outcome: 'failed' }],
      });
      expect(sizeOf(end)).toBeLessThanOrEqual(2_048);
    });
  });

  it('refuses an input that is none', async () => {
    await within({}, async ({ start }) => {
      for (const wrong of [input({ source: '' }), undefined, input({ parsed: {} as ParsedReference })]) {
        const { error, end } = await failureOf(await start(WORKFLOW, wrong));
        expect(findDocumentFailure(error)?.type).toBe('DocumentInputInvalid');
        expect(end).toMatchObject({ state: 'refused', jobs: [], pages: null });
      }
    });
  });

  it('keeps the parse of a document whose only extract failed', async () => {
    const broken = { failed: { name: 'PROCESSING_FAILED_FOR_GOOD', message: 'no' } };
    await within({ faults: [{ job: broken, operation: 'extract' }] }, async ({ start, sandbox }) => {
      const { end } = await failureOf(await start(WORKFLOW, input({ schema: lenient })));
      expect(end).toMatchObject({ state: 'failed', parsed: { jobId: sandbox.ledger.accepted('parse')[0]?.jobId } });
    });
  });

  it('leaves its receipt in the memo when it is cancelled', async () => {
    await within({ faults: [{ job: 'stuck' }] }, async ({ start }) => {
      const handle = await start(WORKFLOW, input({ polling: { ...SINGLE_READS, expected: '1h' } }));
      await env.sleep('10 minutes');
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      const receipt = (await handle.describe()).memo?.documentReceipt as Receipt;
      expect(receipt.jobs).toMatchObject([{ operation: 'parse', outcome: 'cancelled' }]);
    });
  });

  describe('given a parse', () => {
    it('parses nothing', async () => {
      await within({}, async (harness) => {
        const parsed = await parse(harness);
        const handle = await harness.start('processDocument', input({ parsed, schema: lenient }));
        const { receipt, parsed: known } = (await handle.result()) as ProcessDocumentResult;
        expect(receipt.jobs.map(({ operation }) => operation)).toEqual(['extract']);
        expect(known.reference).toBe(parsed.reference);
        expect(harness.sandbox.ledger.accepted('parse')).toHaveLength(1);
      });
    });

    it('parses again when the vendor has forgotten it', async () => {
      await within({}, async (harness) => {
        const parsed = await parse(harness);
        harness.sandbox.jobs.vanish(parsed.jobId);
        const handle = await harness.start('processDocument', input({ parsed, schema: lenient }));
        const { receipt, parsed: known } = (await handle.result()) as ProcessDocumentResult;
        expect(receipt.jobs.map(({ operation, repair }) => [operation, repair === true])).toContainEqual([
          'parse',
          true,
        ]);
        expect(known.reference).not.toBe(parsed.reference);
      });
    });

    it('of another account refuses', async () => {
      await within({}, async (harness) => {
        const parsed = { ...(await parse(harness)), account: 'other' };
        const handle = await harness.start('processDocument', input({ parsed, schema: lenient }));
        await expect(handle.result()).rejects.toMatchObject({
          cause: { type: 'DocumentInputInvalid', details: [{ field: 'parsed' }] },
        });
      });
    });
  });
});
