import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pulse, readExtracted, readParsed, readSections, reducto } from '../../src/index.js';
import type { OperationRequest } from '../../src/jobs/activities.js';
import type { CollectedResult } from '../../src/jobs/types.js';
import { readResult, type ResultStore } from '../../src/results/index.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { activityRun } from '../support/activity-run.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { VENDORS, type Vendor } from '../support/vendors.js';
import { listOf } from './store-of.js';

let documents: DocumentServer;
beforeAll(async () => {
  documents = await serveDocuments();
});
afterAll(() => documents.close());

interface Read {
  store: ResultStore;
  /** Runs a job to its end, with its whole result in the store only. */
  collect: (request: Partial<OperationRequest>) => Promise<CollectedResult>;
}

/** Real PDFs through the real activities, with the results behind URLs and in the replies. */
async function withJobs(name: Vendor['name'], atUrl: boolean, play: (read: Read) => Promise<void>): Promise<void> {
  const vendor = VENDORS.find((one) => one.name === name) as Vendor;
  const clock = { now: () => Date.parse('2026-11-24T10:00:00Z') };
  const sandbox = await createSandbox({ now: () => clock.now(), ...(atUrl ? vendor.urlResults : {}) });
  const provider = vendor.provider(sandbox);
  const { activities, store, run, now } = activityRun(provider);
  clock.now = now;
  const account = { provider: name, account: name };
  let ordinal = 0;
  const collect: Read['collect'] = async (over) => {
    const request = { operation: 'parse' as const, input: documents.url('invoice-packet.pdf'), ...over };
    const submit = {
      ...account,
      request,
      marker: { firstExecutionRunId: 'run', origin: 'a', ordinal: ordinal++, resubmit: 0 },
      lookFirst: 'no' as const,
      since: '2026-11-24T10:00:00.000Z',
    };
    const reply = await run(() => activities.submitDocumentJob(submit), { heartbeatTimeoutMs: 45_000 });
    if (reply.outcome !== 'accepted') throw new Error(reply.outcome);
    const poll = {
      job: { ...account, operation: request.operation, jobId: reply.jobId },
      windowMs: 360_000,
      elapsedMs: 0,
      neverSeen: false,
      collect: { results: 'stored' as const, inlineLimit: 0 },
    };
    const { result } = (await run(() => activities.pollDocumentJob(poll))) as { result?: CollectedResult };
    if (result === undefined) throw new Error('not collected');
    return result;
  };
  try {
    await play({ store, collect });
  } finally {
    await Promise.all([provider.close(), sandbox.close()]);
  }
}

const isAscending = (pages: readonly number[]): boolean => pages.every((page, at) => page === at + 1);

describe.each([false, true])('a real parse, behind a URL: %s', (atUrl) => {
  it.each(['disabled', 'page', 'section', 'variable'] as const)('of Reducto, chunks %s', async (chunk_mode) => {
    await withJobs('reducto', atUrl, async ({ store, collect }) => {
      const parsed = await collect({ options: { retrieval: { chunking: { chunk_mode } } } });
      const content = readParsed(store, parsed, { format: reducto.format });
      const body = (await readResult(store, parsed.stored)) as {
        result: { chunks: { content: string; blocks: object[] }[] };
      };
      const { chunks } = body.result;
      expect(await listOf(content.chunks())).toEqual(chunks);
      const blocks = await listOf(content.blocks());
      expect(blocks).toEqual(chunks.flatMap((one) => one.blocks));
      expect((await listOf(content.text())).join('')).toBe(chunks.map((one) => one.content).join('\n\n'));
      const pages = await listOf(content.pages());
      expect(isAscending(pages.map(({ page }) => page))).toBe(true);
      expect(pages.flatMap((page) => page.blocks)).toEqual(blocks);
      expect(pages.length).toBe((parsed as { pageCount?: number }).pageCount);
      expect((await listOf(content.tables())).length).toBeGreaterThan(0);
    });
  });

  it('of Pulse', async () => {
    await withJobs('pulse', atUrl, async ({ store, collect }) => {
      const parsed = await collect({ options: { extensions: { chunking: { chunkTypes: ['page', 'semantic'] } } } });
      const content = readParsed(store, parsed, { format: pulse.format });
      const body = (await readResult(store, parsed.stored)) as {
        markdown: string;
        bounding_boxes: { Tables: object[] };
      };
      expect((await listOf(content.text())).join('')).toBe(body.markdown);
      const pages = await listOf(content.pages());
      expect(isAscending(pages.map(({ page }) => page))).toBe(true);
      expect(pages.flatMap(({ texts }) => texts).length).toBe((await listOf(content.texts())).length);
      expect(await listOf(content.tables())).toMatchObject(body.bounding_boxes.Tables);
      const chunks = await listOf(content.chunks());
      expect(chunks.filter(({ type }) => type === 'page').length).toBe(pages.length);
      expect(await listOf(content.figures())).toEqual([]);
    });
  });

  it.each(['reducto', 'pulse'] as const)('extract and split of %s', async (vendor) => {
    await withJobs(vendor, atUrl, async ({ store, collect }) => {
      const { reference: input } = (await collect({})) as { reference: string };
      const schema = { type: 'object', properties: { invoice_number: { type: 'string' } } };
      const extract = await collect({ operation: 'extract', input, schema });
      expect(await readExtracted(store, extract)).toMatchObject({
        data: { invoice_number: expect.any(String) as string },
      });
      const sections = [{ name: 'Invoice', description: 'the invoice' }];
      const found = await readSections(store, await collect({ operation: 'split', input, sections }));
      expect(found).toEqual([{ name: 'Invoice', pages: expect.any(Array) as number[] }]);
    });
  });
});
