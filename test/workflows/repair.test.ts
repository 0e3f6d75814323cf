import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import type { JsonSchema } from '../../src/jobs/json.js';
import type { ProcessDocumentInput, ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { Operation, SectionSpec } from '../../src/jobs/types.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { type Expected, type Harness, LONG_ASLEEP_MS, SINGLE_READS, withHarness } from '../support/harness.js';
import { createTimeSkipping } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';
import { waitUntil } from '../support/wait-until.js';

const schema = JSON.parse(readFileSync('examples/invoice.schema.json', 'utf8')) as JsonSchema;
const sections = JSON.parse(readFileSync('examples/sections.json', 'utf8')) as SectionSpec[];
const lenient = { type: 'object', properties: { invoice_number: { type: ['string', 'null'] } } };

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
beforeAll(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

/** The jobs of an operation that the vendor accepted, in order. */
const idsOf = (sandbox: Sandbox, operation: Operation): string[] =>
  sandbox.ledger.accepted(operation).map(({ jobId }) => jobId);

describe.each(VENDORS)('with $name, a parsed document that the vendor has forgotten', (vendor) => {
  const within = (
    sandbox: SandboxOptions,
    test: (harness: Harness) => Promise<void>,
    expected: Expected = {},
  ): Promise<void> => withHarness(env, { sandbox, vendor, expected }, test);

  const settings = { provider: vendor.name, polling: SINGLE_READS };
  const input = (over: Partial<ProcessDocumentInput> = {}): ProcessDocumentInput => ({
    source: documents.url('invoice-packet.pdf'),
    ...settings,
    schema,
    sections,
    ...over,
  });

  const extractOnly = (): ProcessDocumentInput => {
    const { sections: _, ...rest } = input();
    return rest;
  };

  /** Lets the parse vanish while the submits of extract and split are on their way. */
  async function forgetBeforeReuse({ sandbox, start }: Harness, over: Partial<ProcessDocumentInput> = {}) {
    const held = (['extract', 'split'] as const).map((operation) => sandbox.faults.hold({ on: 'submit', operation }));
    const handle = await start('processDocument', input(over));
    const result = handle.result() as Promise<ProcessDocumentResult>;
    await Promise.all(held.map(({ reached }) => reached));
    sandbox.jobs.vanish(idsOf(sandbox, 'parse')[0] ?? '');
    for (const hold of held) hold.release();
    return result;
  }

  it('is parsed once more for extract and split together, and the receipt shows it', async () => {
    await within({}, async (harness) => {
      const result = await forgetBeforeReuse(harness, { schema: lenient, pages: [1, 2, 3] });
      const [first, second, ...more] = idsOf(harness.sandbox, 'parse');
      expect(more).toEqual([]);
      expect(result).toMatchObject({ status: 'complete', failures: [], parsed: { jobId: second, pageCount: 3 } });
      expect(result.receipt.jobs.filter(({ operation }) => operation === 'parse')).toMatchObject([
        { jobId: first, outcome: 'completed', submits: 1 },
        { jobId: second, outcome: 'completed', submits: 1, repair: true },
      ]);
      expect(result.receipt.jobs.filter(({ repair }) => repair)).toHaveLength(1);
      expect(idsOf(harness.sandbox, 'extract')).toHaveLength(1);
      expect(idsOf(harness.sandbox, 'split')).toHaveLength(1);
      expect(result.receipt.pages).toBeGreaterThanOrEqual(6);
    });
  });

  it('is parsed no second time for who hears of it when it was repaired long ago', async () => {
    const gone = { on: 'submit', operation: 'extract', call: 1, do: { status: 404, body: vendor.gone } } as const;
    const late = { job: { failed: vendor.inputGone }, operation: 'split', nth: 1 } as const;
    const test = async ({ start, sandbox }: Harness): Promise<void> => {
      const handle = await start('processDocument', input({ schema: lenient }));
      expect(((await handle.result()) as ProcessDocumentResult).status).toBe('complete');
      expect(idsOf(sandbox, 'parse')).toHaveLength(2);
    };
    await within({ faults: [gone, late] }, test, { split: 2 * 3_600_000 });
  });

  it('is left as it is under repair: never', async () => {
    await within({}, async (harness) => {
      const end = forgetBeforeReuse(harness, { repair: 'never' }).catch(findDocumentFailure);
      expect(await end).toMatchObject({ type: 'DocumentReferenceExpired' });
      expect(idsOf(harness.sandbox, 'parse')).toHaveLength(1);
    });
  });

  it('fails with the reason when it can’t be parsed again', async () => {
    const refused = {
      on: 'submit',
      operation: 'parse',
      call: 2,
      do: { status: 400, body: vendor.refusal.body },
    } as const;
    await within({ faults: [refused] }, async (harness) => {
      const failure = await forgetBeforeReuse(harness).catch(findDocumentFailure);
      expect(failure).toMatchObject({
        type: 'DocumentReferenceExpired',
        message: expect.stringMatching(/no longer knows .* parsing it again failed: .*no such model/) as string,
      });
    });
  });

  it('is parsed no third time when the vendor forgets it again', async () => {
    const gone = { status: 404, body: vendor.gone } as const;
    const faults = [{ on: 'submit', operation: 'extract', do: gone } as const];
    await within({ faults }, async ({ start, sandbox }) => {
      const handle = await start('processDocument', extractOnly());
      expect(await handle.result().catch(findDocumentFailure)).toMatchObject({ type: 'DocumentReferenceExpired' });
      expect(idsOf(sandbox, 'parse')).toHaveLength(2);
    });
  });

  it('is found out when a job fails for want of it', async () => {
    const faults = [{ job: { failed: vendor.inputGone }, operation: 'extract', nth: 1 } as const];
    await within({ faults }, async ({ start, sandbox }) => {
      const handle = await start('processDocument', input());
      const result = (await handle.result()) as ProcessDocumentResult;
      expect(result.status).toBe('complete');
      expect(idsOf(sandbox, 'parse')).toHaveLength(2);
      expect(idsOf(sandbox, 'extract')).toHaveLength(2);
    });
  });

  it('among several is the only one that is parsed again', async () => {
    await within({}, async ({ start, sandbox }) => {
      const source = documents.url('invoice-packet.pdf');
      const handle = await start('extractFromAll', [source, source], lenient, settings);
      await env.sleep('2 hours');
      const [first, second] = idsOf(sandbox, 'parse');
      sandbox.jobs.vanish(second ?? '');
      await handle.signal('goOn');
      expect(await handle.result()).toEqual([first, idsOf(sandbox, 'parse')[2]]);
      expect(idsOf(sandbox, 'parse')).toHaveLength(3);
    });
  });

  it('is parsed again by who still needs it when who began to was cancelled', async () => {
    const test = async ({ start, sandbox }: Harness): Promise<void> => {
      const handle = await start('reuseInTwoScopes', documents.url('invoice-packet.pdf'), schema, settings);
      await env.sleep('7 hours');
      sandbox.jobs.vanish(idsOf(sandbox, 'parse')[0] ?? '');
      // The extract is the first to hear of it.
      const held = sandbox.faults.hold({ on: 'submit', operation: 'split' });
      await handle.signal('goOn');
      await held.reached;
      await waitUntil(() => idsOf(sandbox, 'parse').length === 2, 'it is parsed again');
      held.release();
      await waitUntil(() => sandbox.ledger.submits('split').length === 1, 'the split hears of it too');
      await handle.signal('cancelFirst');
      const states = (): string[] => sandbox.ledger.accepted('parse').map(({ state }) => state);
      await waitUntil(() => states()[1] === 'Cancelled', 'the repair is cancelled');
      expect(await handle.result()).toEqual(['cancelled', ['lines']]);
      expect(states()).toEqual(['Completed', 'Cancelled', 'Completed']);
      expect(idsOf(sandbox, 'extract')).toEqual([]);
    };
    await within({}, test, { parse: LONG_ASLEEP_MS });
  });

  it('takes the split with it where sections are extracted by the split', async () => {
    await within({}, async ({ start, sandbox }) => {
      const held = sandbox.faults.hold({ on: 'submit', operation: 'extract' });
      const handle = await start('processDocument', input({ schema: lenient, extractPerSection: true }));
      const result = handle.result() as Promise<ProcessDocumentResult>;
      await held.reached;
      for (const operation of ['parse', 'split'] as const) {
        for (const jobId of idsOf(sandbox, operation)) sandbox.jobs.vanish(jobId);
      }
      held.release();
      const { failures, split, receipt } = await result;
      expect(failures).toEqual([]);
      expect(split?.sections?.some(({ extract }) => extract !== undefined)).toBe(true);
      expect(split).not.toHaveProperty('request');
      const repairs = receipt.jobs.filter(({ repair }) => repair).map(({ operation }) => operation);
      expect(repairs).toEqual(split?.reference === undefined ? ['parse'] : ['parse', 'split']);
    });
  });
});
