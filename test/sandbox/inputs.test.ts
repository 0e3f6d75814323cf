import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { answerOf, INVOICE_TEXT, withSandbox, type Client, type FakeClock } from './client.js';

const split_description = [{ name: 'Terms', description: 'payment terms and delivery' }];

let documents: DocumentServer;
beforeAll(async () => void (documents = await serveDocuments()));
afterAll(() => documents.close());

async function completed(client: Client, clock: FakeClock, operation: string, body: unknown): Promise<string> {
  const id = await client.submit(operation, body);
  await client.job(id);
  clock.advance(10_000);
  return id;
}

describe('a URL', () => {
  it('is fetched by the sandbox', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const input = documents.add('invoice.txt', INVOICE_TEXT);
      const id = await completed(client, clock, 'parse', { input });
      expect(await client.job(id)).toMatchObject({ status: 'Completed', num_pages: 3 });
    });
  });

  it('that gives nothing fails the job, without repeating the URL', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const id = await completed(client, clock, 'parse', { input: documents.url('absent.pdf?sig=secret') });
      const job = await client.job(id);
      expect(job).toMatchObject({ status: 'Failed', error: { code: 400, name: 'INVALID_CONFIG' } });
      expect(JSON.stringify([job['reason'], job['error']])).not.toContain('secret');
    });
  });

  it('several are one document', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const input = [
        documents.add('a.txt', Buffer.from('first file\n')),
        documents.add('b.txt', Buffer.from('second file\n')),
      ];
      const id = await completed(client, clock, 'parse', { input, retrieval: { chunking: { chunk_mode: 'page' } } });
      expect(await client.job(id)).toMatchObject({
        num_pages: 2,
        result: {
          result: { chunks: [{ content: 'first file' }, { content: 'second file', blocks: [{ bbox: { page: 2 } }] }] },
        },
      });
    });
  });
});

describe('jobid://', () => {
  it('chains: nothing is parsed again, and parsing is not billed again', async () => {
    await withSandbox({}, async ({ client, clock, sandbox }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const parsed = `jobid://${await completed(client, clock, 'parse', { input })}`;
      await completed(client, clock, 'split', { input: parsed, split_description });
      await completed(client, clock, 'split', { input, split_description });
      const credits = sandbox.ledger.accepted().map((job) => job.billed.credits);
      expect(credits).toEqual([1.5, 6, 7.5]);
      expect(sandbox.ledger.billed()).toEqual({ pages: 9, credits: 15 });
    });
  });

  it.each([409, 400] as const)('of an unfinished parse is refused with %i', async (unfinishedReference) => {
    await withSandbox({ reducto: { unfinishedReference } }, async ({ client }) => {
      const id = await client.submit('parse', { input: await client.upload(INVOICE_TEXT, 'a.txt') });
      expect(await client.post('/extract_async', { input: `jobid://${id}` })).toMatchObject({
        status: unfinishedReference,
        body: { error: { name: 'JOB_NOT_COMPLETE' } },
      });
    });
  });

  it('of a cancelled or failed parse, or of no parse, is refused', async () => {
    await withSandbox({}, async ({ client, clock, sandbox }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const ids = [await client.submit('parse', { input }), await client.submit('parse', { input })] as const;
      await client.post(`/cancel/${ids[0]}`);
      await sandbox.jobs.fail(ids[1], { name: 'X', message: 'x' });
      const extract = await completed(client, clock, 'extract', { input });
      const names: unknown[] = [];
      for (const id of [...ids, extract]) {
        const { status, body } = await client.post('/extract_async', { input: `jobid://${id}` });
        names.push([status, (body as { error: { name: string } }).error.name]);
      }
      expect(names).toEqual([
        [400, 'JOB_CANCELLED'],
        [400, 'JOB_STATE_ERROR'],
        [400, 'NOT_APPLICABLE'],
      ]);
    });
  });

  it('as a list is for extract, not for split; classify and edit take none', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const ids: string[] = [];
      for (const text of ['Invoice number: A-1\n', 'Total: $12.50\n']) {
        ids.push(
          `jobid://${await completed(client, clock, 'parse', { input: await client.upload(Buffer.from(text), 'a.txt') })}`,
        );
      }
      const schema = { type: 'object', properties: { invoice_number: { type: 'string' }, total: { type: 'number' } } };
      const id = await completed(client, clock, 'extract', { input: ids, instructions: { schema } });
      expect(await client.job(id)).toMatchObject({ result: { result: [{ invoice_number: 'A-1', total: 12.5 }] } });
      expect(await client.post('/split_async', { input: ids, split_description })).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'input'] }] },
      });
      const category = { category: 'a', criteria: ['b'] };
      expect((await client.post('/classify_async', { input: ids[0], classification_schema: [category] })).status).toBe(
        400,
      );
      expect((await client.post('/edit_async', { document_url: ids[0], edit_instructions: 'x' })).status).toBe(400);
    });
  });

  it('sees the pages that were parsed, and no others', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const parse = await completed(client, clock, 'parse', { input, settings: { page_range: { start: 2 } } });
      expect(await client.job(parse)).toMatchObject({ num_pages: 2, total_pages: 3 });
      const body = {
        input: `jobid://${parse}`,
        instructions: {
          schema: { type: 'object', properties: { invoice_number: { type: 'string' }, email: { type: 'string' } } },
        },
        settings: { citations: { enabled: true } },
      };
      const extract = await completed(client, clock, 'extract', body);
      expect(await client.job(extract)).toMatchObject({
        result: {
          result: {
            invoice_number: { value: null, citations: [] },
            email: { value: 'office@example.com', citations: [{ bbox: { page: 2, original_page: 3 } }] },
          },
        },
      });
    });
  });
});

describe('page_range', () => {
  it.each([
    [{ start: 2, end: 2 }, ['Terms']],
    [{ end: 2 }, ['Invoice', 'Terms']],
    [
      [{ end: 1 }, { start: 3 }],
      ['Invoice', 'Contact'],
    ],
    [
      [3, 1],
      ['Invoice', 'Contact'],
    ],
  ])('%j takes those pages', async (page_range, titles) => {
    await withSandbox({}, async ({ client, clock }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const retrieval = { chunking: { chunk_mode: 'page' } };
      const id = await completed(client, clock, 'parse', { input, settings: { page_range }, retrieval });
      const { result } = (await client.job(id)) as unknown as { result: { result: { chunks: { content: string }[] } } };
      expect(result.result.chunks.map(({ content }) => /\w+/.exec(content)?.[0])).toEqual(titles);
    });
  });

  it.each([[[7]], [['Sheet1']]])('%j has no pages here: the job fails', async (page_range) => {
    await withSandbox({}, async ({ client, clock }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const id = await completed(client, clock, 'parse', { input, settings: { page_range } });
      expect(await client.job(id)).toMatchObject({ status: 'Failed', error: { code: 400, name: 'INVALID_CONFIG' } });
    });
  });
});

describe('uploads', () => {
  it('presigned: the id is empty until its bytes are put', async () => {
    await withSandbox({}, async ({ client, clock, sandbox }) => {
      const { body } = await client.post('/upload?extension=pdf');
      const { file_id: input, presigned_url: url } = body as { file_id: string; presigned_url: string };
      expect(input).toMatch(/^reducto:\/\/.+\.pdf$/);
      expect(await client.post('/parse_async', { input })).toMatchObject({ status: 404 });
      const put = await fetch(url, { method: 'PUT', body: new Uint8Array(INVOICE_TEXT) });
      expect(put.status).toBe(200);
      const id = await completed(client, clock, 'parse', { input: { file_id: input, presigned_url: url } });
      expect(await client.job(id)).toMatchObject({ status: 'Completed', num_pages: 3 });
      expect(sandbox.ledger.counts()).toMatchObject({ uploads: 1, puts: 1 });
    });
  });

  it.each([
    ['expired', 3_600_000, (url: string) => url, {}, 403, 'Request has expired'],
    [
      'forged',
      0,
      (url: string) => url.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      {},
      403,
      'SignatureDoesNotMatch',
    ],
    ['with a key', 0, (url: string) => url, { authorization: 'Bearer sandbox-key' }, 400, 'Only one auth mechanism'],
  ])('presigned, %s: refused with XML', async (_name, wait, change, headers, status, text) => {
    await withSandbox({}, async ({ client, clock }) => {
      const { presigned_url } = (await client.post('/upload', {})).body as { presigned_url: string };
      clock.advance(wait);
      const answer = await answerOf(await fetch(change(presigned_url), { method: 'PUT', body: 'x', headers }));
      expect(answer.status).toBe(status);
      expect(answer.body).toContain(text);
    });
  });

  it('are kept for 24 hours', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      clock.advance(24 * 3_600_000 - 1);
      expect((await client.post('/parse_async', { input })).status).toBe(200);
      clock.advance(1);
      expect((await client.post('/parse_async', { input })).status).toBe(404);
    });
  });

  it.each([
    ['the whole id, percent-encoded', (id: string) => encodeURIComponent(id)],
    ['the bare id', (id: string) => id.replace('reducto://', '')],
  ])('are deleted by %s', async (_name, path) => {
    await withSandbox({}, async ({ client }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      expect(await client.delete(`/upload/${path(input)}`)).toMatchObject({ status: 200 });
      expect(await client.delete(`/upload/${path(input)}`)).toMatchObject({ status: 404 });
      expect((await client.post('/parse_async', { input })).status).toBe(404);
    });
  });
});
