import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import type { JsonObject } from '../../../src/jobs/json.js';
import type { InterpretedResult, Provider } from '../../../src/providers/provider.js';
import { reducto } from '../../../src/providers/reducto/index.js';
import { createSandbox, type Sandbox } from '../../../src/sandbox/index.js';
import { loadBody } from '../../support/load-body.js';
import { makeEncryptedPdf } from '../../support/pdf.js';

const FIRST = 'Invoice\n\nInvoice number: INV-1\nTotal: 12.50\n';
const SECOND = 'Letter\n\nSincerely yours\n';
const schema = { type: 'object', properties: { total: { type: 'string' } } } as const;
const PASSWORD = 'open sesame';
const sections = [{ name: 'Totals', description: 'total of the invoice' }];

let sandbox: Sandbox;
let provider: Provider;
beforeAll(async () => {
  sandbox = await createSandbox();
  // Jobs end when a test says so.
  provider = reducto({ ...sandbox.reducto, secrets: (name) => (name === 'acme' ? PASSWORD : undefined) });
});
afterAll(async () => {
  await provider.close();
  await sandbox.close();
});

async function upload(content: string | Uint8Array, name = 'note.txt'): Promise<string> {
  const form = new FormData();
  form.set('file', new File([typeof content === 'string' ? content : new Uint8Array(content)], name));
  const headers = { authorization: `Bearer ${sandbox.reducto.apiKey}` };
  const answer = await fetch(`${sandbox.reducto.baseUrl}/upload`, { method: 'POST', headers, body: form });
  return ((await answer.json()) as { file_id: string }).file_id;
}

/** The whole life of a job, and what the vendor's list shows of its request. */
async function runJob(
  request: OperationRequest,
): Promise<{ jobId: string; result: InterpretedResult; config: JsonObject; body: JsonObject }> {
  expect(provider.check(request)).toBeNull();
  const { jobId } = await provider.submit(request, { marker: `marker-${request.operation}` }, {});
  await sandbox.jobs.finish(jobId);
  const read = await provider.get(jobId, request.operation, {});
  expect(read?.snapshot).toMatchObject({ status: 'completed' });
  if (read?.body === undefined) throw new Error('no body');
  const { operation } = request;
  const body = (await loadBody(provider, { jobId, operation }, read.body)) as JsonObject;
  const { baseUrl, apiKey } = sandbox.reducto;
  const list = await fetch(`${baseUrl}/jobs?limit=1`, { headers: { authorization: `Bearer ${apiKey}` } });
  const { jobs } = (await list.json()) as { jobs: { job_id: string; raw_config: string }[] };
  expect(jobs[0]?.job_id).toBe(jobId);
  const config = JSON.parse(jobs[0]?.raw_config ?? '{}') as JsonObject;
  return { jobId, body, result: provider.interpret(request.operation, jobId, body), config };
}

const queued = { queue_priority: 'batch', async: { priority: true, metadata: { mine: { doc: 1 } } } };
const shown = (marker: string) => ({
  priority: true,
  metadata: { mine: { doc: 1 }, documentJobs: { marker: `marker-${marker}` } },
});

describe('each operation from request to result', () => {
  it('parse of several documents', async () => {
    const input = [await upload(FIRST), await upload(SECOND)];
    const options = { ...queued, retrieval: { chunking: { chunk_mode: 'page' } } };
    const { jobId, result, config, body } = await runJob({ operation: 'parse', input, options });
    expect(result).toEqual({ usage: { pages: 2, credits: 1 }, reference: `jobid://${jobId}`, pageCount: 2 });
    expect(JSON.stringify(body)).toMatch(/INV-1.*Sincerely/);
    expect(config).toMatchObject({ input, queue_priority: 'batch', async: shown('parse'), settings: { model: 'r-1' } });
  });

  it('extract of several documents, and of several parsed ones', async () => {
    const input = [await upload(SECOND), await upload(FIRST)];
    const raw = await runJob({ operation: 'extract', input, schema, options: queued });
    expect(raw.result.data).toEqual({ total: '12.50' });
    expect(raw.config).toMatchObject({ input, queue_priority: 'batch', async: shown('extract') });
    const parsed: string[] = [];
    for (const one of input) {
      const { result } = await runJob({ operation: 'parse', input: one });
      parsed.push(result.reference ?? '');
    }
    const chained = await runJob({ operation: 'extract', input: parsed, schema });
    expect(chained.result.data).toEqual({ total: '12.50' });
    expect(chained.result.usage.credits).toBeLessThan(raw.result.usage.credits ?? 0);
  });

  it('split', async () => {
    const { result, config } = await runJob({
      operation: 'split',
      input: await upload(FIRST),
      sections,
      options: { async: queued.async, settings: { table_cutoff: 'preserve' } },
    });
    expect(result.sections).toEqual([{ name: 'Totals', pages: [1] }]);
    expect(config).toMatchObject({ settings: { table_cutoff: 'preserve' }, async: shown('split') });
  });

  it('pipeline: without the parse’s text', async () => {
    const options = { pipeline_id: 'p', async: queued.async };
    const { result, config, body } = await runJob({ operation: 'pipeline', input: await upload(FIRST), options });
    expect(JSON.stringify(body)).toContain('INV-1');
    expect(result).toEqual({ usage: { pages: 1, credits: 0.5 }, value: { extract: null, split: null, edit: null } });
    expect(config).toMatchObject({ pipeline_id: 'p', async: shown('pipeline') });
  });

  it('edit: without the signed URL of the document', async () => {
    const form_schema = [{ bbox: {}, description: 'd', type: 'text', url: 'https://mine', usage: 'mine' }];
    const { metadata, ...more } = queued.async;
    const { result, config, body } = await runJob({
      operation: 'edit',
      input: await upload(FIRST),
      options: { edit_instructions: 'e', form_schema, webhook: { mode: 'disabled', metadata }, ...more },
    });
    expect(body).toHaveProperty('document_url');
    expect(result.value).toMatchObject({ response_type: 'edit', form_schema });
    expect(JSON.stringify(result)).not.toContain('Signature');
    expect(result.value).not.toHaveProperty('document_url');
    const { priority, ...webhook } = shown('edit');
    expect(config).toMatchObject({ priority, webhook });
  });

  it('classify', async () => {
    const classification_schema = [
      { category: 'letter', criteria: ['sincerely yours'] },
      { category: 'invoice', criteria: ['invoice number', 'total'] },
    ];
    const options = { classification_schema, priority: true, async: { metadata: queued.async.metadata } };
    const { result, config } = await runJob({ operation: 'classify', input: await upload(FIRST), options });
    expect(result).toEqual({ usage: { pages: 1, credits: 0.5 }, value: { category: 'invoice' } });
    expect(config).toMatchObject({ priority: true, async: { metadata: shown('classify').metadata } });
  });

  it.each([
    ['parse', {}],
    ['extract', { schema }],
  ] as const)('%s refuses a queue priority that there is not', async (operation, more) => {
    const input = await upload(FIRST);
    const request = { operation, input, ...more, options: { queue_priority: 'soon' } } as OperationRequest;
    await expect(provider.submit(request, { marker: 'm' }, {})).rejects.toMatchObject({
      facts: { kind: 'rejected', httpStatus: 422 },
    });
  });

  it('a document with a password, which is named and shown nowhere', async () => {
    const input = await upload(await makeEncryptedPdf(PASSWORD), 'secret.pdf');
    const settings = { document_password: { secret: 'acme' } };
    const parsed = await runJob({ operation: 'parse', input, options: { settings } });
    expect(JSON.stringify(parsed.body)).toContain('4711');
    const number = { type: 'object', properties: { secret_number: { type: 'string' } } } as const;
    const extracted = await runJob({ operation: 'extract', input, schema: number, options: { parsing: { settings } } });
    expect(extracted.result.data).toEqual({ secret_number: '4711' });
    const pipeline = await runJob({ operation: 'pipeline', input, options: { pipeline_id: 'p', settings } });
    expect(pipeline.result.usage.pages).toBe(1);
    await runJob({ operation: 'split', input, sections, options: { parsing: { settings } } });
    expect(JSON.stringify([parsed.config, extracted.config])).not.toContain('sesame');
  });
});
