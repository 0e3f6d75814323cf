import { describe, expect, it } from 'vitest';
import type { ReductoSwitches } from '../../src/sandbox/index.js';
import { answerOf, INVOICE_TEXT, withSandbox, type Client, type FakeClock } from './client.js';

const schema = { type: 'object', properties: { invoice_number: { type: 'string' }, total: { type: 'number' } } };

/** Submits, lets the time pass, and reads the result body. */
async function resultOf(
  client: Client,
  clock: FakeClock,
  operation: string,
  body: object,
): Promise<Record<string, unknown>> {
  const input = await client.upload(INVOICE_TEXT, 'a.txt');
  const id = await client.submit(operation, {
    ...(operation === 'edit' ? { document_url: input } : { input }),
    ...body,
  });
  await client.job(id);
  clock.advance(10_000);
  return (await client.job(id))['result'] as Record<string, unknown>;
}

describe('parse', () => {
  it('has the vendor’s shape, nulls included', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const result = await resultOf(client, clock, 'parse', {});
      expect(result).toMatchObject({
        response_type: 'parse',
        pdf_url: null,
        parse_mode: null,
        document_properties: null,
        usage: { num_pages: 3, credits: 1.5, credit_breakdown: { page: 1.5 }, page_billing_breakdown: { 3: ['page'] } },
        result: { type: 'full', ocr: null, custom: null, chunks: [{ enriched: null, enrichment_success: false }] },
      });
      const { chunks } = result['result'] as { chunks: { content: string; embed: string }[] };
      expect(chunks).toHaveLength(1);
      expect(chunks[0]?.content).toContain('INV-77');
      expect(chunks[0]?.embed).toBe(chunks[0]?.content);
    });
  });

  it('leaves out the kinds of block that are filtered', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const types = async (filter_blocks: string[]) => {
        const result = await resultOf(client, clock, 'parse', { retrieval: { filter_blocks } });
        const { chunks } = result['result'] as { chunks: { blocks: { type: string }[] }[] };
        return new Set(chunks.flatMap(({ blocks }) => blocks.map(({ type }) => type)));
      };
      const all = await types([]);
      expect(all).toContain('Key Value');
      expect(await types(['Key Value'])).toEqual(new Set([...all].filter((type) => type !== 'Key Value')));
    });
  });

  it('costs double when agentic, and tells quantities instead of credits when so switched', async () => {
    const enhance = { agentic: [{ scope: 'table' }] };
    await withSandbox({}, async ({ client, clock }) => {
      expect(await resultOf(client, clock, 'parse', { enhance })).toMatchObject({ usage: { credits: 6 } });
    });
    await withSandbox({ reducto: { pricing: 'quantities' } }, async ({ client, clock }) => {
      expect(await resultOf(client, clock, 'parse', {})).toMatchObject({
        usage: { num_pages: 3, credits: null, usage_breakdown: { parse_pages: 3 } },
      });
    });
  });
});

describe('a result behind a URL', () => {
  const small: Partial<ReductoSwitches> = { urlResultBytes: 10 };

  it.each([
    ['parse', {}, small, { type: 'full', chunks: [{}] }],
    ['parse', { settings: { force_url_result: true } }, {}, { type: 'full', chunks: [{}] }],
    ['extract', { instructions: { schema } }, small, [{ invoice_number: 'INV-77', total: 12.5 }]],
    [
      'split',
      { split_description: [{ name: 'Terms', description: 'terms of delivery' }] },
      small,
      { splits: [{ name: 'Terms' }] },
    ],
  ])('%s %j %j', async (operation, body, reducto, stored) => {
    await withSandbox({ reducto }, async ({ client, clock, sandbox }) => {
      const { result } = await resultOf(client, clock, operation, body);
      expect(result).toMatchObject({
        type: 'url',
        url: expect.any(String) as string,
        result_id: expect.any(String) as string,
      });
      const { url } = result as { url: string };
      expect(await answerOf(await fetch(url))).toMatchObject({ status: 200, body: stored });
      expect(sandbox.ledger.counts().fetches).toBe(1);
      const withKey = await answerOf(await fetch(url, { headers: { authorization: 'Bearer sandbox-key' } }));
      expect(withKey.status).toBe(400);
    });
  });

  it('expires, and the next read gives a fresh one', async () => {
    await withSandbox({ reducto: small }, async ({ client, clock }) => {
      const { job_id, result } = (await resultOf(client, clock, 'parse', {})) as {
        job_id: string;
        result: { url: string };
      };
      clock.advance(3_600_000);
      expect(await answerOf(await fetch(result.url))).toMatchObject({ status: 403 });
      const fresh = (await client.job(job_id)) as unknown as { result: { result: { url: string } } };
      expect((await fetch(fresh.result.result.url)).status).toBe(200);
    });
  });

  it('can be made to fail', async () => {
    const faults = [{ on: 'fetch' as const, call: 1, do: 'truncate-body' as const }];
    await withSandbox({ reducto: small, faults }, async ({ client, clock }) => {
      const { result } = (await resultOf(client, clock, 'parse', {})) as { result: { url: string } };
      await expect(fetch(result.url).then((response) => response.text())).rejects.toThrow();
      expect((await fetch(result.url)).status).toBe(200);
    });
  });
});

describe('extract', () => {
  const plain = { invoice_number: 'INV-77', total: 12.5 };
  const leaf = { value: 12.5, citations: [{ content: expect.stringContaining('12.50') as string }] };

  it.each([
    ['auto', false, { response_type: 'extract', result: [plain], citations: null }],
    ['auto', true, { response_type: 'v3_extract', result: { total: leaf } }],
    ['v3_extract', false, { response_type: 'v3_extract', result: plain }],
    ['extract', true, { response_type: 'extract', result: [plain], citations: [{ total: leaf.citations }] }],
  ] as const)('in the form %s, citations %s', async (extractForm, enabled, shape) => {
    await withSandbox({ reducto: { extractForm } }, async ({ client, clock }) => {
      const body = { instructions: { schema }, settings: { citations: { enabled } } };
      const result = await resultOf(client, clock, 'extract', body);
      expect(result).toMatchObject(shape);
      expect(result).toMatchObject({ usage: { num_pages: 3, num_fields: 2, credits: 7.5, extract_mode: 'extract' } });
      expect('citations' in result).toBe(shape.response_type === 'extract');
    });
  });

  it('cites with the block around, or its box alone', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const cited = async (citations: object) => {
        const settings = { citations: { enabled: true, ...citations } };
        const { result } = await resultOf(client, clock, 'extract', { instructions: { schema }, settings });
        return (result as { total: { citations: Record<string, unknown>[] } }).total.citations[0];
      };
      expect(await cited({})).toMatchObject({
        bbox: { page: 1, original_page: 1 },
        confidence: 'high',
        granular_confidence: { extract_confidence: expect.any(Number) as number },
        parentBlock: { content: expect.stringContaining('INV-77') as string },
      });
      expect(await cited({ parent_block: 'bbox_only', numerical_confidence: false })).toMatchObject({
        granular_confidence: null,
        parentBlock: { content: '' },
      });
    });
  });

  it('deep costs at least 30', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const body = { instructions: { schema }, settings: { deep_extract: true } };
      expect(await resultOf(client, clock, 'extract', body)).toMatchObject({ usage: { credits: 31.5 } });
    });
  });
});

describe('split', () => {
  const split_description = [
    { name: 'Invoice', description: 'invoice number and total' },
    { name: 'Terms', description: 'payment terms and delivery' },
    { name: 'Contact', description: 'contact email' },
  ];

  it('gives the pages of each topic', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const { result } = await resultOf(client, clock, 'split', { split_description });
      expect(result).toMatchObject({
        section_mapping: { Invoice: [1], Terms: [2], Contact: [3] },
        splits: [{ name: 'Invoice', pages: [1], partitions: null }, { name: 'Terms' }, { name: 'Contact' }],
      });
    });
  });

  it('deep names evidence for each page', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const { result } = await resultOf(client, clock, 'split', { split_description, settings: { deep_split: true } });
      expect(result).toMatchObject({ splits: [{}, { pages: [{ page_number: 2, evidence: 'Terms' }] }, {}] });
      expect(result).not.toHaveProperty('section_mapping');
    });
  });
});

describe('what the vendor has beyond', () => {
  it('classify: the category whose criteria are met', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const classification_schema = [
        { category: 'passport', criteria: ['shows a photograph', 'names the nationality'] },
        { category: 'invoice', criteria: ['has an invoice number', 'mentions shipping by sea'] },
      ];
      expect(await resultOf(client, clock, 'classify', { classification_schema })).toMatchObject({
        response_type: 'classify',
        result: { category: 'invoice' },
        response_confidence: {
          categories: [
            { confidence: 0 },
            { confidence: 0.5, criteria_confidence: [{ confidence: 'high' }, { confidence: 'low' }] },
          ],
        },
        usage: { num_pages: 3, num_categories: 2, credits: 1.5 },
      });
    });
  });

  it('edit: the same bytes behind a URL', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const { document_url } = await resultOf(client, clock, 'edit', { edit_instructions: 'sign it' });
      expect(await (await fetch(document_url as string)).text()).toBe(INVOICE_TEXT.toString());
    });
  });

  it('pipeline: a parse and nothing else', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      expect(await resultOf(client, clock, 'pipeline', { pipeline_id: 'p-1' })).toMatchObject({
        response_type: 'pipeline',
        result: { parse: { response_type: 'parse', result: { type: 'full' } }, extract: null, split: null, edit: null },
      });
    });
  });
});

describe('a synchronous call', () => {
  it('answers when the job is done', async () => {
    await withSandbox({ speed: 100 }, async ({ client, sandbox }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const started = performance.now();
      const { status, body } = await client.post('/split', {
        input,
        split_description: [{ name: 'a', description: 'terms' }],
      });
      expect(performance.now() - started).toBeGreaterThanOrEqual(90);
      expect(status).toBe(200);
      expect(sandbox.ledger.jobs()).toMatchObject([{ jobId: (body as { job_id: string }).job_id, state: 'Completed' }]);
    });
  });

  it('that takes too long ends with 504 while its job goes on', async () => {
    await withSandbox({ reducto: { syncLimitMs: 20 } }, async ({ client, clock, sandbox }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      expect(await client.post('/parse', { input })).toMatchObject({
        status: 504,
        body: { error: { name: 'TIMEOUT' } },
      });
      clock.advance(10_000);
      expect(sandbox.ledger.jobs()).toMatchObject([{ state: 'Completed' }]);
    });
  });
});
