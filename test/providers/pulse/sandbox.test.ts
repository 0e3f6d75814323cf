import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import { pulse } from '../../../src/providers/pulse/index.js';
import type { InterpretedResult, JobBody, JobRead, Provider, SubmitContext } from '../../../src/providers/provider.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../../support/document-server.js';

const SECTIONS = [
  { name: 'Invoice', description: 'invoice with line items, number and total' },
  { name: 'Terms', description: 'terms and conditions, delivery and liability' },
];
const SCHEMA = { type: 'object', properties: { invoice_number: { type: 'string' } } };

let documents: DocumentServer;
beforeAll(async () => (documents = await serveDocuments()));
afterAll(() => documents.close());

interface Run {
  sandbox: Sandbox;
  provider: Provider;
  /** Submits, lets the job end, reads it. */
  finish: (request: OperationRequest, call?: SubmitContext) => Promise<{ jobId: string; read: JobRead }>;
  /** The same, and what its body says. */
  run: (request: OperationRequest, call?: SubmitContext) => Promise<InterpretedResult>;
}

async function withSandbox(options: SandboxOptions, test: (run: Run) => Promise<void>): Promise<void> {
  const sandbox = await createSandbox(options);
  const provider = pulse(sandbox.pulse);
  const finish: Run['finish'] = async (request, call = {}) => {
    expect(provider.check(request)).toBeNull();
    const { jobId } = await provider.submit(request, { marker: 'marker' }, call);
    await sandbox.jobs.finish(jobId);
    const read = await provider.get(jobId, request.operation, {});
    if (read === null) throw new Error('the sandbox does not know its own job');
    return { jobId, read };
  };
  const run: Run['run'] = async (request, call) => {
    const { jobId, read } = await finish(request, call);
    return provider.interpret(request.operation, jobId, await jsonOf(read.body));
  };
  try {
    await test({ sandbox, provider, finish, run });
  } finally {
    await provider.close();
    await sandbox.close();
  }
}

async function jsonOf(body: JobBody | undefined): Promise<unknown> {
  if (body?.kind !== 'json') throw new Error(`expected an inline body, got ${body?.kind}`);
  return body.load({});
}

const parse = (): OperationRequest => ({ operation: 'parse', input: documents.url('invoice-packet.pdf') });

describe('against the sandbox', () => {
  it.each([200, 202] as const)(
    'parses, splits, extracts whole and by section (acknowledged with %s)',
    async (status) => {
      const ackStatus = { extract: status, split: status, schema: status };
      await withSandbox({ pulse: { ackStatus } }, async ({ run, sandbox }) => {
        const parsed = await run(parse());
        const { reference = '' } = parsed;
        expect(parsed).toMatchObject({
          pageCount: expect.any(Number) as number,
          usage: { credits: expect.any(Number) as number },
        });
        const split = await run({ operation: 'split', input: reference, sections: SECTIONS });
        expect(split.sections?.map(({ name }) => name)).toEqual(SECTIONS.map(({ name }) => name));
        expect(split.sections?.[0]?.pages).toContain(1);
        const whole = await run({ operation: 'extract', input: reference, schema: SCHEMA });
        expect(whole.data).toMatchObject({ invoice_number: expect.any(String) as string });
        expect(whole.citations).toBeDefined();
        const sectionSchemas = { Invoice: SCHEMA, Terms: SCHEMA, Unheard: SCHEMA };
        const { sectionValues } = await run({ operation: 'extract', input: split.reference ?? '', sectionSchemas });
        expect(sectionValues).toContainEqual(
          expect.objectContaining({ name: 'Invoice', data: { invoice_number: expect.any(String) as string } }),
        );
        expect(sectionValues?.find(({ name }) => name === 'Unheard')?.problem).toEqual(expect.any(String));
        expect(sandbox.ledger.accepted().map(({ operation }) => operation)).toEqual([
          'parse',
          'split',
          'extract',
          'extract',
        ]);
      });
    },
  );

  it('extracts one value from several documents', async () => {
    await withSandbox({}, async ({ run }) => {
      const input = [(await run(parse())).reference ?? '', (await run(parse())).reference ?? ''];
      expect((await run({ operation: 'extract', input, schema: SCHEMA })).data).toHaveProperty('invoice_number');
    });
  });

  it('sends a file of the worker with the submit, options and pages too', async () => {
    await withSandbox({}, async ({ run }) => {
      const path = 'examples/invoice-packet.pdf';
      const file = { filename: 'packet.pdf', contentType: 'application/pdf', size: 1, path };
      const options = { extensions: { altOutputs: { returnHtml: true } }, model: 'default' };
      const request: OperationRequest = { operation: 'parse', input: path, pages: { start: 1, end: 2 }, options };
      const { pageCount, reference } = await run(request, { file });
      expect(pageCount).toBe(2);
      expect(reference).toEqual(expect.any(String));
    });
  });

  it('offers tables and pipeline, without the text of the document in what travels', async () => {
    await withSandbox({}, async ({ run }) => {
      const { reference = '' } = await run(parse());
      const options = { tables_config: { table_format: 'html' } };
      expect((await run({ operation: 'tables', input: reference, options })).value).toEqual({
        tables_id: expect.any(String) as string,
        tables: expect.any(Number) as number,
        charts: 0,
      });
      const steps = { extract: {}, schema: { input_schema: SCHEMA } };
      const { value } = await run({
        operation: 'pipeline',
        input: documents.url('invoice-packet.pdf'),
        options: { steps },
      });
      expect(value).toMatchObject({
        extract: { extraction_id: expect.any(String) as string },
        schema: { schema_output: { values: { invoice_number: expect.any(String) as string } } },
      });
      expect(JSON.stringify(value)).not.toContain('markdown');
    });
  });

  it('takes the id of tables under either name', async () => {
    await withSandbox({ pulse: { tablesAckField: 'tables_id' } }, async ({ run }) => {
      const { reference = '' } = await run(parse());
      expect((await run({ operation: 'tables', input: reference })).value).toHaveProperty('tables');
    });
  });

  it.each(['canceled', 'cancelled'] as const)('cancels a job that runs (%s)', async (cancelledWord) => {
    await withSandbox({ pulse: { cancelledWord }, faults: [{ job: 'stuck' }] }, async ({ provider, sandbox }) => {
      const { jobId } = await provider.submit(parse(), { marker: 'marker' }, {});
      expect(await provider.cancel(jobId, {})).toBe(true);
      expect((await provider.get(jobId, 'parse', {}))?.snapshot).toMatchObject({
        status: 'cancelled',
        vendorStatus: cancelledWord,
      });
      expect(sandbox.ledger.jobs()[0]?.state).toBe('Cancelled');
    });
  });

  it('does not know of jobs that never were, and tells a good key from a bad one by that', async () => {
    await withSandbox({}, async ({ provider, sandbox }) => {
      expect(await provider.get('7c3c5dd6-2a1e-4a52-9bc2-3f6f3f4f2b11', 'parse', {})).toBeNull();
      expect(await provider.cancel('7c3c5dd6-2a1e-4a52-9bc2-3f6f3f4f2b11', {})).toBe(false);
      await provider.probe({});
      const stranger = pulse({ ...sandbox.pulse, apiKey: 'wrong' });
      await expect(stranger.probe({})).rejects.toMatchObject({ facts: { kind: 'auth', code: 'AUTH_002' } });
      await stranger.close();
    });
  });

  it('says expired for a job past its retention', async () => {
    let now = Date.parse('2026-11-24T10:00:00Z');
    await withSandbox({ now: () => now, pulse: { retentionMs: 1_000 } }, async ({ finish, provider }) => {
      const { jobId } = await finish(parse());
      now += 2_000;
      expect((await provider.get(jobId, 'parse', {}))?.snapshot.status).toBe('expired');
    });
  });

  it('gives the reason of a failed job', async () => {
    const failed = { name: 'FILE_003', message: 'the file is corrupted' };
    await withSandbox({ faults: [{ job: { failed } }] }, async ({ finish }) => {
      const { read } = await finish(parse());
      expect(read.snapshot.error).toEqual({
        code: 'FILE_003',
        reason: 'the file is corrupted',
        transient: false,
        documentAtFault: true,
      });
    });
  });
});

describe('a large result', () => {
  const large: SandboxOptions = { pulse: { largeBytes: 10 } };

  it('is read once: the pointer tells the reference, the second read says consumed', async () => {
    await withSandbox(large, async ({ finish, sandbox }) => {
      const { read } = await finish(parse());
      const { body } = read;
      if (body?.kind !== 'single_read') throw new Error('expected a pointer');
      expect(body.known).toMatchObject({
        reference: expect.any(String) as string,
        pageCount: expect.any(Number) as number,
      });
      const chunks: Uint8Array[] = [];
      for await (const chunk of await body.open({})) chunks.push(chunk);
      expect(JSON.parse(Buffer.concat(chunks).toString())).toHaveProperty('markdown');
      await expect(body.open({})).rejects.toMatchObject({ kind: 'consumed', facts: { httpStatus: 410 } });
      expect(sandbox.ledger.counts().fetches).toBe(2);
    });
  });

  it('of an extract tells nothing before it is read', async () => {
    await withSandbox({}, async ({ run, finish }) => {
      const { reference = '' } = await run(parse());
      const { read } = await finish({ operation: 'extract', input: reference, schema: SCHEMA });
      expect(read.body?.kind).toBe('json');
    });
    await withSandbox({ pulse: { largeBytes: 10 } }, async ({ finish }) => {
      const { read: parsed } = await finish(parse());
      const known = parsed.body?.kind === 'single_read' ? parsed.body.known : undefined;
      const { read } = await finish({ operation: 'extract', input: known?.reference ?? '', schema: SCHEMA });
      expect(read.body).toMatchObject({ kind: 'single_read' });
      expect(read.body).not.toHaveProperty('known');
    });
  });
});
