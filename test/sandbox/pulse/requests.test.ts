import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveDocuments, type DocumentServer } from '../../support/document-server.js';
import { makeEncryptedPdf } from '../../support/pdf.js';
import { INVOICE_TEXT } from '../client.js';
import { AT_ONCE, INVOICE_FILE, withPulse } from './client.js';
import * as shapes from './shapes.js';

let documents: DocumentServer;
let url: string;
beforeAll(async () => {
  documents = await serveDocuments();
  url = documents.add('invoice.txt', INVOICE_TEXT);
});
afterAll(() => documents.close());

describe('names and values of fields', () => {
  const snake = {
    file_url: 'set below',
    pages: '1,3',
    extensions: { chunking: { chunk_types: ['page'], chunk_size: 100 }, alt_outputs: { return_html: true } },
  };
  const camel = {
    fileUrl: 'set below',
    pages: '1,3',
    extensions: { chunking: { chunkTypes: ['page'], chunkSize: 100 }, altOutputs: { returnHtml: true } },
  };

  it.each([
    ['snake_case', snake],
    ['camelCase', camel],
  ])('%s, in JSON and as text in a form', async (_name, fields) => {
    await withPulse(AT_ONCE, async ({ client }) => {
      const json = Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, value === 'set below' ? url : value]),
      );
      const text = Object.fromEntries(
        Object.entries(json).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
      );
      for (const { status, body } of [await client.post('/extract', json), await client.form('/extract', text)]) {
        expect(status).toBe(200);
        expect(body).toMatchObject({
          page_count: 2,
          extensions: {
            chunking: { page: [expect.any(String), expect.any(String)] },
            altOutputs: { html: expect.any(String) as string },
          },
        });
      }
    });
  });

  it.each([true, 'true'])('async: %j', async (async) => {
    await withPulse({}, async ({ client }) => {
      shapes.ack.parse((await client.post('/extract', { file_url: url, async })).body);
    });
  });

  it('the names in a caller’s schema are left alone', async () => {
    const schema = { type: 'object', properties: { invoiceNumber: { type: 'string' } } };
    await withPulse(AT_ONCE, async ({ client }) => {
      for (const extra of [{ structuredOutput: { schema } }, { schema }, { schema: JSON.stringify(schema) }]) {
        const { body } = await client.post('/extract', { file_url: url, ...extra });
        expect(body).toMatchObject({
          structured_output: { values: { invoiceNumber: 'INV-77' } },
          input_schema: schema,
        });
      }
    });
  });

  it('fields that nobody knows are ignored', async () => {
    await withPulse(AT_ONCE, async ({ client }) => {
      expect((await client.post('/extract', { file_url: url, reference: 'mine' })).status).toBe(200);
    });
  });
});

describe('pages', () => {
  it('are the only ones that are read, billed and seen later; their numbers stay', async () => {
    await withPulse({}, async ({ client, sandbox }) => {
      const result = await client.finished(await client.submit({ pages: '2-3' }));
      expect(result).toMatchObject({ page_count: 2, credits_used: 2 });
      expect(result['markdown']).not.toContain('INV-77');
      const { extraction_id } = shapes.extraction.parse(result);
      const split_config = { split_input: [{ name: 'Contact', description: 'email' }] };
      const { split_output } = shapes.split.parse(await client.done('/split', { extraction_id, split_config }));
      expect(split_output.splits['Contact']).toEqual([3]);
      expect(sandbox.ledger.billed()).toEqual({ pages: 4, credits: 6 });
    });
  });

  it('past the end: refused at once with a file, in the job with a URL', async () => {
    await withPulse({}, async ({ client, clock, sandbox }) => {
      const answer = await client.form('/extract', { async: 'true', pages: '2-4' }, INVOICE_FILE);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'REQ_006' } } });
      expect(sandbox.ledger.accepted()).toEqual([]);
      const { body } = await client.post('/extract', { file_url: url, async: true, pages: '4' });
      const { job_id } = shapes.ack.parse(body);
      await client.job(job_id);
      clock.advance(10_000);
      const job = shapes.failedJob.parse(await client.job(job_id));
      expect(job.error).toBe('REQ_006: Invalid page range: the document has 3 pages');
    });
  });
});

describe('a document that can’t be read', () => {
  it.each([
    ['encrypted', () => makeEncryptedPdf('open sesame'), 'FILE_006'],
    ['corrupt', async () => Buffer.from('%PDF-1.7\nnothing of a PDF'), 'FILE_003'],
    ['empty', async () => Buffer.alloc(0), 'FILE_004'],
    ['of a kind that the sandbox can’t read', async () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2]), 'FILE_001'],
  ])('%s: fails the job, or the synchronous call', async (_name, bytes, code) => {
    await withPulse({ speed: 1_000 }, async ({ client, clock, sandbox }) => {
      const job_id = await client.submit({ pages: '1' }, await bytes());
      await client.job(job_id);
      clock.advance(10_000);
      expect(shapes.failedJob.parse(await client.job(job_id)).error).toMatch(new RegExp(`^${code}: `));
      const sync = await client.form('/extract', {}, { name: 'a.pdf', bytes: await bytes() });
      expect([sync.status, shapes.error.parse(sync.body).error.code]).toEqual([400, code]);
      expect(sandbox.ledger.billed()).toEqual({ pages: 0, credits: 0 });
    });
  });

  it('a URL that gives nothing, or too much, without repeating the URL', async () => {
    await withPulse({ pulse: { fileBytes: 10 } }, async ({ client, clock }) => {
      for (const [file_url, code] of [
        [`${documents.url('absent.pdf')}?sig=secret`, 'FILE_005'],
        [url, 'FILE_002'],
      ]) {
        const { job_id } = shapes.ack.parse((await client.post('/extract', { file_url, async: true })).body);
        await client.job(job_id);
        clock.advance(10_000);
        const { error } = shapes.failedJob.parse(await client.job(job_id));
        expect(error).toMatch(new RegExp(`^${code}: `));
        expect(error).not.toContain('secret');
      }
    });
  });
});
