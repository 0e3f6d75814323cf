import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { isDocumentFailure } from '../../src/jobs/is-document-failure.js';
import type { ProcessDocumentInput, ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { JsonSchema } from '../../src/jobs/json.js';
import type { SectionSpec } from '../../src/jobs/types.js';
import { readObject } from '../../src/results/read-object.js';
import type { SandboxOptions } from '../../src/sandbox/index.js';
import { type Expected, type Harness, LONG_ASLEEP_MS, SINGLE_READS, withHarness } from '../support/harness.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { createTimeSkipping } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';

const schema = JSON.parse(readFileSync('examples/invoice.schema.json', 'utf8')) as JsonSchema;
const sections = JSON.parse(readFileSync('examples/sections.json', 'utf8')) as SectionSpec[];

let env: TestWorkflowEnvironment;
let documents: DocumentServer;

// A server for each test: a workflow that closes while a poll still runs holds its server's time for whoever comes next.
beforeEach(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterEach(async () => {
  await documents.close();
  await env.teardown();
});

/** The failure that a workflow ended with. */
async function failureOf(result: Promise<unknown>): Promise<{ type: string; details: Record<string, unknown> }> {
  try {
    await result;
  } catch (error) {
    if (isDocumentFailure(error))
      return { type: error.type, details: error.details as unknown as Record<string, unknown> };
    throw error;
  }
  throw new Error('expected a failure');
}

describe.each(VENDORS)('with $name', (vendor) => {
  const within = (
    sandbox: SandboxOptions,
    test: (harness: Harness) => Promise<void>,
    expected: Expected = {},
  ): Promise<void> => withHarness(env, { sandbox, vendor, expected }, test);

  const input = (over: Partial<ProcessDocumentInput> = {}): ProcessDocumentInput => ({
    source: documents.url('invoice-packet.pdf'),
    provider: vendor.name,
    schema,
    sections,
    polling: SINGLE_READS,
    ...over,
  });
  /** Options of the test workflows. */
  const settings = { provider: vendor.name, polling: SINGLE_READS };

  describe('processDocument', () => {
    it('parses once, then extracts and splits from the parsed document', async () => {
      await within({}, async ({ start, sandbox, store }) => {
        const handle = await start('processDocument', input());
        const result = (await handle.result()) as ProcessDocumentResult;
        expect(result.status).toBe('complete');
        expect(result.parsed.reference).toEqual(expect.any(String));
        expect(result.parsed.reference).not.toBe('');
        expect(result.extract?.data).toMatchObject({ invoice_number: expect.any(String) as string });
        expect(result.split?.sections?.map((section) => section.name)).toEqual(sections.map((section) => section.name));
        expect(result.receipt).toMatchObject({ submits: 3 });
        expect(result.receipt.jobs.map((job) => job.outcome)).toEqual(['completed', 'completed', 'completed']);
        expect(sandbox.ledger.accepted()).toHaveLength(3);
        const parsed = await readObject(store, result.parsed.stored.key);
        expect(JSON.parse(new TextDecoder().decode(parsed ?? undefined))).toHaveProperty(vendor.parsedText);
      });
    });

    it('extracts once per section when asked', async () => {
      await within({}, async ({ start, sandbox }) => {
        // A section holds only some of the fields, so none is required.
        const lenient = { type: 'object', properties: { invoice_number: { type: ['string', 'null'] } } };
        const handle = await start('processDocument', input({ schema: lenient, extractPerSection: true }));
        const result = (await handle.result()) as ProcessDocumentResult;
        const found = result.split?.sections?.filter((section) => section.pages.length > 0) ?? [];
        expect(found.length).toBeGreaterThan(1);
        expect(found.every((section) => section.extract !== undefined)).toBe(true);
        // One job for all where the split gives a reference to ask with, else one for each.
        const jobs = result.split?.reference === undefined ? found.length : 1;
        expect(sandbox.ledger.accepted('extract')).toHaveLength(jobs);
      });
    });
  });

  it('names a section that the vendor leaves out, with no pages', async () => {
    const absent = { name: 'Absent', description: 'xylophones' };
    await within({ pulse: { emptyTopics: 'absent' } }, async ({ start }) => {
      const handle = await start('processDocument', input({ sections: [...sections, absent] }));
      const { split } = (await handle.result()) as ProcessDocumentResult;
      expect(split?.sections).toHaveLength(sections.length + 1);
      expect(split?.sections?.find(({ name }) => name === 'Absent')).toEqual({ name: 'Absent', pages: [] });
    });
  });

  it('with onFailure: cancel a section without a value fails the document', async () => {
    const strict = { type: 'object', properties: { flux: { type: 'number' } }, required: ['flux'] };
    // One section: a sibling's poll may end at the instant at which it is cancelled, see LONG_ASLEEP_MS.
    const one = sections.filter(({ name }) => name === 'Invoice');
    const asked = { schema: strict, sections: one, extractPerSection: true, onFailure: 'cancel' } as const;
    await within({}, async ({ start }) => {
      const { type } = await failureOf((await start('processDocument', input(asked))).result());
      expect(['DocumentSectionFailed', 'ExtractedDataInvalid']).toContain(type);
    });
  });

  describe('deadlines', () => {
    it('cancels a job that never finishes and says so', async () => {
      await within({ faults: [{ job: 'stuck', operation: 'parse' }] }, async ({ start, sandbox }) => {
        const before = await env.currentTimeMs();
        const handle = await start('processDocument', input({ jobDeadline: '5h' }));
        const failure = await failureOf(handle.result());
        expect(failure).toMatchObject({
          type: 'DocumentJobDeadlineExceeded',
          details: { operation: 'parse', scope: 'job', outcome: 'cancelled' },
        });
        expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(5 * 3_600_000);
        expect(sandbox.ledger.jobs().map((job) => job.state)).toEqual(['Cancelled']);
      });
    });

    it('holds the document to its own deadline, whatever each job may take', async () => {
      await within({ faults: [{ job: 'stuck', operation: 'extract' }] }, async ({ start, sandbox }) => {
        const handle = await start('processDocument', input({ deadline: '90m', jobDeadline: '5h' }));
        const result = (await handle.result()) as ProcessDocumentResult;
        expect(result.status).toBe('partial');
        expect(result.failures).toMatchObject([{ operation: 'extract', type: 'DocumentJobDeadlineExceeded' }]);
        expect(sandbox.ledger.accepted('extract').map((job) => job.state)).toEqual(['Cancelled']);
      });
    });
  });

  describe('a job that the vendor failed', () => {
    const broken = { failed: { name: 'DOCUMENT_CORRUPT', message: 'cannot read the page tree' } };

    it('at parse fails the document, and nothing else is submitted', async () => {
      await within({ faults: [{ job: broken, operation: 'parse' }] }, async ({ start, sandbox }) => {
        const handle = await start('processDocument', input());
        const failure = await failureOf(handle.result());
        expect(failure).toMatchObject({
          type: 'DocumentJobFailed',
          details: { operation: 'parse', vendorCode: 'DOCUMENT_CORRUPT', reason: 'cannot read the page tree' },
        });
        expect(sandbox.ledger.accepted()).toHaveLength(1);
        const { memo } = await handle.describe();
        expect(memo?.documentReceipt).toMatchObject({ jobs: [{ operation: 'parse', outcome: 'failed' }] });
      });
    });

    it.each(['extract', 'split'] as const)('at %s keeps its sibling and reports', async (operation) => {
      await within({ faults: [{ job: broken, operation }] }, async ({ start }) => {
        const handle = await start('processDocument', input());
        const result = (await handle.result()) as ProcessDocumentResult;
        expect(result.status).toBe('partial');
        expect(result.failures).toMatchObject([{ operation, type: 'DocumentJobFailed' }]);
        expect(operation === 'extract' ? result.split : result.extract).toBeDefined();
      });
    });

    it('cancels its sibling instead with onFailure: cancel', async () => {
      const faults = [
        { job: broken, operation: 'extract' as const },
        { job: 'stuck' as const, operation: 'split' as const },
      ];
      const test = async ({ start, sandbox }: Harness): Promise<void> => {
        const handle = await start('processDocument', input({ onFailure: 'cancel' }));
        expect(await failureOf(handle.result())).toMatchObject({ type: 'DocumentJobFailed' });
        expect(sandbox.ledger.accepted('split').map((job) => job.state)).toEqual(['Cancelled']);
      };
      await within({ faults }, test, { split: LONG_ASLEEP_MS });
    });

    it('fails the document when every later operation failed', async () => {
      const faults = (['extract', 'split'] as const).map((operation) => ({ job: broken, operation }));
      await within({ faults }, async ({ start }) => {
        const handle = await start('processDocument', input());
        expect(await failureOf(handle.result())).toMatchObject({ type: 'DocumentJobFailed' });
      });
    });

    const passing = { failed: vendor.passing };

    it('for a reason that may pass is submitted once more, and the receipt shows it', async () => {
      await within({ faults: [{ job: passing, operation: 'parse', nth: 1 }] }, async ({ start, sandbox }) => {
        const handle = await start('processDocument', input());
        const result = (await handle.result()) as ProcessDocumentResult;
        expect(result.status).toBe('complete');
        expect(result.receipt.jobs.filter((job) => job.operation === 'parse')).toMatchObject([
          { outcome: 'failed', resubmit: false },
          { outcome: 'completed', resubmit: true },
        ]);
        expect(sandbox.ledger.accepted('parse')).toHaveLength(2);
      });
    });

    it('for a reason that does not pass is submitted no more than maxResubmits allows', async () => {
      await within({ faults: [{ job: passing, operation: 'parse' }] }, async ({ start, sandbox }) => {
        const handle = await start('processDocument', input());
        expect(await failureOf(handle.result())).toMatchObject({ details: { resubmits: 1, transient: true } });
        expect(sandbox.ledger.accepted('parse')).toHaveLength(2);
      });
    });
  });

  describe('cancelling the workflow', () => {
    it('before the submit submits nothing', async () => {
      await within({}, async ({ start, sandbox }) => {
        const handle = await start('processDocument', input());
        await handle.cancel();
        await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
        expect(sandbox.ledger.jobs().filter((job) => job.state !== 'Cancelled')).toEqual([]);
      });
    });

    it('during the POST cancels the job that the POST made', async () => {
      await within({}, async ({ start, sandbox }) => {
        const held = sandbox.faults.hold({ on: 'submit', operation: 'parse' });
        const handle = await start('processDocument', input());
        await held.reached;
        await handle.cancel();
        held.release();
        await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
        expect(sandbox.ledger.jobs().map((job) => job.state)).toEqual(['Cancelled']);
        const { memo } = await handle.describe();
        expect(memo?.documentReceipt).toMatchObject({
          jobs: [{ operation: 'parse', outcome: 'cancelled', submits: 1 }],
        });
      });
    });

    it('during the wait cancels the job and submits nothing more', async () => {
      const test = async ({ start, sandbox }: Harness): Promise<void> => {
        const handle = await start('processDocument', input());
        await env.sleep('20 minutes');
        expect(sandbox.ledger.accepted()).toHaveLength(1);
        await handle.cancel();
        await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
        expect(sandbox.ledger.jobs().map((job) => job.state)).toEqual(['Cancelled']);
      };
      await within({ faults: [{ job: 'stuck', operation: 'parse' }] }, test, { parse: LONG_ASLEEP_MS });
    });

    it('during extract ∥ split cancels both', async () => {
      const faults = (['extract', 'split'] as const).map((operation) => ({ job: 'stuck' as const, operation }));
      const test = async ({ start, sandbox }: Harness): Promise<void> => {
        const handle = await start('processDocument', input());
        await env.sleep('30 minutes');
        expect(sandbox.ledger.accepted()).toHaveLength(3);
        await handle.cancel();
        await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
        const states = sandbox.ledger.jobs().map((job) => `${job.operation} ${job.state}`);
        expect(states.sort()).toEqual(['extract Cancelled', 'parse Completed', 'split Cancelled']);
        const { memo } = await handle.describe();
        expect((memo?.documentReceipt as { jobs: unknown[] }).jobs).toHaveLength(3);
      };
      await within({ faults }, test, { extract: LONG_ASLEEP_MS, split: LONG_ASLEEP_MS });
    });

    it('a scope around a job cancels the job, and the workflow goes on', async () => {
      const test = async ({ start, sandbox }: Harness): Promise<void> => {
        const handle = await start('cancelOneScope', documents.url('invoice-packet.pdf'), settings);
        expect(await handle.result()).toBe('gave up and went on');
        expect(sandbox.ledger.jobs().map((job) => job.state)).toEqual(['Cancelled']);
      };
      await within({ faults: [{ job: 'stuck', operation: 'parse' }] }, test, { parse: LONG_ASLEEP_MS });
    });
  });

  describe('what the vendor may say meanwhile', () => {
    it.each(vendor.runningWords)('%s keeps waiting', async (word) => {
      await within(
        { faults: [{ job: { statusWord: word, forMs: 3_600_000 }, operation: 'parse' }] },
        async ({ start }) => {
          const handle = await start('parseOnly', documents.url('invoice-packet.pdf'), settings);
          await env.sleep('30 minutes');
          const status = await handle.query<{ jobs: { vendorStatus: string; outcome: unknown }[] }, []>(
            'documentJobsStatus',
          );
          expect(status.jobs).toMatchObject([{ vendorStatus: word, outcome: null }]);
          expect(await handle.result()).toHaveProperty('reference');
        },
      );
    });

    it('a job cancelled elsewhere is a typed failure, not a cancelled workflow', async () => {
      await within({ faults: [{ job: 'stuck', operation: 'parse' }] }, async ({ start, sandbox }) => {
        const handle = await start('parseOnly', documents.url('invoice-packet.pdf'), settings);
        await env.sleep('10 minutes');
        const [job] = sandbox.ledger.accepted();
        await vendor.cancel(sandbox, job?.jobId ?? '');
        expect(await failureOf(handle.result())).toMatchObject({
          type: 'DocumentJobCancelledElsewhere',
          details: { jobId: job?.jobId },
        });
      });
    });

    it('404 on a job that existed is DocumentJobLost', async () => {
      await within({ faults: [{ job: 'vanished', operation: 'parse' }] }, async ({ start }) => {
        const handle = await start('parseOnly', documents.url('invoice-packet.pdf'), settings);
        expect(await failureOf(handle.result())).toMatchObject({ type: 'DocumentJobLost' });
      });
    });
  });

  describe('attach', () => {
    it('takes over a job that was submitted elsewhere', async () => {
      await within({}, async ({ start, sandbox }) => {
        const jobId = await vendor.parse(sandbox, documents.url('invoice-packet.pdf'));
        const handle = await start('attachOnly', 'parse', jobId, settings);
        expect(await handle.result()).toMatchObject({ kind: 'parse', reference: expect.any(String) as string });
        expect(sandbox.ledger.accepted()).toHaveLength(1);
      });
    });

    it('to an id that the vendor has never heard of is DocumentJobNotFound', async () => {
      await within({}, async ({ start }) => {
        const handle = await start('attachOnly', 'parse', '7c3c5dd6-2a1e-4a52-9bc2-3f6f3f4f2b11', settings);
        expect(await failureOf(handle.result())).toMatchObject({ type: 'DocumentJobNotFound' });
      });
    });
  });

  describe('bad input', () => {
    it.each([
      [{ source: '' }, 'source'],
      [{ schema: { type: 'array' } }, 'schema'],
      [{ deadline: 'soon' }, 'deadline'],
      [{ deadline: true as unknown as string }, 'deadline'],
      [{ jobDeadline: {} as string }, 'jobDeadline'],
      [{ maxResubmits: -1 }, 'maxResubmits'],
      [{ polling: { window: 'a while' } }, 'polling.window'],
    ])('%j ends as DocumentInputInvalid', async (over, field) => {
      await within({}, async ({ start, sandbox }) => {
        const handle = await start('processDocument', input(over));
        expect(await failureOf(handle.result())).toMatchObject({ type: 'DocumentInputInvalid', details: { field } });
        expect(sandbox.ledger.accepted()).toHaveLength(0);
      });
    });
  });

  describe('documentJobs.all', () => {
    it('cancels the other job on the first failure and lets the workflow branch on it', async () => {
      const faults = [
        { job: { failed: { name: 'INVALID_SCHEMA', message: 'too deep' } }, operation: 'extract' as const },
        { job: 'stuck' as const, operation: 'split' as const },
      ];
      const test = async ({ start, sandbox }: Harness): Promise<void> => {
        const handle = await start('allOrNothing', documents.url('invoice-packet.pdf'), schema, settings);
        expect(await handle.result()).toMatchObject({ code: 'INVALID_SCHEMA' });
        expect(sandbox.ledger.accepted('split').map((job) => job.state)).toEqual(['Cancelled']);
      };
      await within({ faults }, test, { split: LONG_ASLEEP_MS });
    });
  });
});
