import { describe, expect, it } from 'vitest';
import { AT_ONCE, INVOICE_FILE, TABLE_TEXT, withPulse } from './client.js';
import * as shapes from './shapes.js';

const input_schema = { type: 'object', properties: { invoice_number: { type: 'string' }, total: { type: 'number' } } };
const split_input = [
  { name: 'Terms', description: 'payment terms and delivery' },
  { name: 'Invoice', description: 'invoice number and total' },
];

describe('POST /extract', () => {
  it('answers with the document, read', async () => {
    await withPulse(AT_ONCE, async ({ client }) => {
      const { status, body } = await client.form('/extract', {}, INVOICE_FILE);
      expect(status).toBe(200);
      const result = shapes.extraction.parse(body);
      expect(result.page_count).toBe(3);
      expect(result.markdown).toContain('Invoice number: INV-77');
      expect(result.bounding_boxes.Text.map(({ page_number }) => page_number)).toEqual(expect.arrayContaining([1, 3]));
      expect(result.bounding_boxes.markdown_with_ids).toMatch(/\[txt-\d+\] .*INV-77/);
      expect(result.extraction_url).toContain(result.extraction_id);
    });
  });

  it('puts tables into the Markdown as HTML, and their cells among the boxes', async () => {
    await withPulse(AT_ONCE, async ({ client }) => {
      const { body } = await client.form('/extract', {}, { name: 'a.txt', bytes: TABLE_TEXT });
      const { markdown, bounding_boxes } = shapes.extraction.parse(body);
      expect(markdown).toContain('<table><tr><th>Item</th><th>Quantity</th><th>Price</th></tr><tr><td>Bolt</td>');
      expect(bounding_boxes.Tables.map(({ table_info }) => table_info)).toMatchObject([
        { id: 'tbl-1', dimensions: { rows: 4, columns: 3 }, page_number: 1 },
        { id: 'tbl-2', dimensions: { rows: 4, columns: 3 }, page_number: 2 },
      ]);
      expect(bounding_boxes.Tables[0]!.cell_data).toContainEqual({
        id: 'tbl-1-r2c3',
        content: '1.50',
        row: 2,
        column: 3,
      });
    });
  });

  it('gives the asynchronous job the result that a synchronous call answers', async () => {
    const asynchronous: Record<string, unknown>[] = [];
    await withPulse({}, async ({ client }) => {
      const { status, body } = await client.form('/extract', { async: 'true' }, INVOICE_FILE);
      expect(status).toBe(200);
      const { job_id } = shapes.ack.parse(body);
      asynchronous.push(await client.finished(job_id));
      expect(asynchronous[0]!['extraction_id']).not.toBe(job_id);
      expect((await client.job(job_id)).result).toEqual(asynchronous[0]);
    });
    await withPulse(AT_ONCE, async ({ client }) => {
      const { body } = await client.form('/extract', {}, INVOICE_FILE);
      const { extraction_id, extraction_url } = shapes.extraction.parse(asynchronous[0]);
      expect({ ...(body as object), extraction_id, extraction_url }).toEqual(asynchronous[0]);
    });
  });

  it('has an older asynchronous name', async () => {
    await withPulse({}, async ({ client }) => {
      const { status, body } = await client.form('/extract_async', {}, INVOICE_FILE);
      expect(status).toBe(200);
      shapes.extraction.parse(await client.finished(shapes.ack.parse(body).job_id));
    });
  });

  it('saves nothing without storage', async () => {
    await withPulse(AT_ONCE, async ({ client }) => {
      const { body } = await client.form('/extract', { storage: '{"enabled":false}' }, INVOICE_FILE);
      shapes.unsavedExtraction.parse(body);
    });
  });

  it('answers in the extensions asked for, and in no others', async () => {
    const extensions = {
      chunking: { chunkTypes: ['page', 'header', 'semantic', 'recursive'], chunkSize: 100 },
      altOutputs: { wlbb: true, returnHtml: true },
      footnoteReferences: true,
    };
    await withPulse(AT_ONCE, async ({ client }) => {
      const { body } = await client.form('/extract', { extensions: JSON.stringify(extensions) }, INVOICE_FILE);
      const { extensions: answered } = body as { extensions: Record<string, never> };
      expect(Object.keys(answered).sort()).toEqual(['altOutputs', 'chunking', 'footnoteReferences']);
      const { chunking, altOutputs } = answered as unknown as {
        chunking: Record<string, string[]>;
        altOutputs: { wlbb: { words: unknown[] }; html: string };
      };
      expect(chunking['page']).toHaveLength(3);
      expect(chunking['header']![0]).toContain('Invoice');
      expect(chunking['recursive']!.every((chunk) => chunk.length <= 100)).toBe(true);
      expect(chunking['semantic']!.length).toBeGreaterThan(1);
      expect(altOutputs.html).toContain('INV-77');
      expect(altOutputs.wlbb.words).toContainEqual(
        expect.objectContaining({ content: 'INV-77', page_number: 1, id: expect.stringMatching(/^w-\d+$/) as string }),
      );
    });
  });

  it('takes the deprecated options, with warnings', async () => {
    const fields = {
      structured_output: JSON.stringify({ schema: input_schema, schemaPrompt: 'exact' }),
      return_html: 'true',
      chunking: 'page,header',
    };
    await withPulse(AT_ONCE, async ({ client, sandbox }) => {
      const { body } = await client.form('/extract', fields, INVOICE_FILE);
      expect(body).toMatchObject({
        structured_output: { values: { invoice_number: 'INV-77', total: 12.5 } },
        input_schema,
        html: expect.stringContaining('INV-77') as string,
        chunks: { page: [expect.any(String), expect.any(String), expect.any(String)] },
        warnings: ['structured_output is deprecated.', 'return_html is deprecated.', 'chunking is deprecated.'],
        credits_used: 6,
      });
      expect(sandbox.ledger.billed()).toEqual({ pages: 3, credits: 6 });
    });
  });
});

describe('POST /split, /schema and /tables', () => {
  it.each([
    ['/split', { split_config: { split_input } }, shapes.split],
    ['/schema', { schema_config: { input_schema } }, shapes.schema],
    ['/tables', {}, shapes.tables],
  ] as const)('%s answers at once or with 202, with the same', async (path, config, shape) => {
    await withPulse({ ...AT_ONCE, seed: 3 }, async ({ client, clock }) => {
      const extracted = await client.form('/extract', {}, INVOICE_FILE);
      const { extraction_id } = shapes.extraction.parse(extracted.body);
      const sync = await client.post(path, { extraction_id, ...config });
      expect(sync.status).toBe(200);
      const { status, body } = await client.post(path, { extraction_id, ...config, async: true });
      expect(status).toBe(202);
      const { job_id } = shapes.ack.parse(body);
      clock.advance(1);
      const keysOf = (result: unknown): string[] => Object.keys(shape.parse(result));
      expect(keysOf((await client.job(job_id)).result)).toEqual(keysOf(sync.body));
    });
  });

  it('tables: HTML or JSON, one a table or merged over pages', async () => {
    await withPulse(AT_ONCE, async ({ client, sandbox }) => {
      const extracted = await client.form('/extract', {}, { name: 'a.txt', bytes: TABLE_TEXT });
      const { extraction_id } = shapes.extraction.parse(extracted.body);
      const html = shapes.tables.parse((await client.post('/tables', { extraction_id })).body);
      expect(html.tables_output.tables.map(({ citations }) => citations)).toEqual([['tbl-1'], ['tbl-2']]);
      const merged = await client.post('/tables', {
        extraction_id,
        tables_config: { merge: true, table_format: 'json' },
      });
      expect(shapes.tables.parse(merged.body).tables_output.tables).toMatchObject([
        {
          citations: ['tbl-1', 'tbl-2'],
          table_content: {
            headers: ['Item', 'Quantity', 'Price'],
            rows: [{ Item: 'Bolt' }, { Item: 'Nut' }, { Item: 'Washer' }, { Item: 'Screw' }, {}, { Item: 'Pin' }],
          },
        },
      ]);
      expect(sandbox.ledger.accepted('tables').map(({ billed }) => billed.credits)).toEqual([0.5, 0.5]);
    });
  });
});

describe('the rest', () => {
  it('POST /webhook gives a link; batches and forms are not for this organisation; there is no list', async () => {
    await withPulse({}, async ({ client }) => {
      expect(await client.post('/webhook')).toMatchObject({
        status: 200,
        body: { link: expect.any(String) as string },
      });
      for (const path of ['/batch/extract', '/batch/split', '/form/detect']) {
        const { status, body } = await client.post(path, {});
        expect(status).toBe(403);
        shapes.error.parse(body);
      }
      for (const path of ['/jobs', '/extractions', '/', '/schema/x/excel']) {
        const { status, body } = await client.get(path);
        expect(status).toBe(404);
        shapes.error.parse(body);
      }
    });
  });

  it.each([
    ['tables_endpoint', '/tables'],
    ['enable_adhoc_pipeline', '/pipeline/execute'],
  ] as const)('without %s, %s answers 403', async (flag, path) => {
    const features = (['tables_endpoint', 'enable_adhoc_pipeline'] as const).filter((name) => name !== flag);
    await withPulse({ pulse: { features } }, async ({ client }) => {
      expect(await client.post(path, {})).toMatchObject({ status: 403, body: { error: { details: { flag } } } });
    });
  });
});
