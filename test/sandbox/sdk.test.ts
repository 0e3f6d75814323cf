import Reducto, { toFile } from 'reductoai';
import type { ParseResponse } from 'reductoai/resources/shared';
import { expect, it } from 'vitest';
import { makePdf } from '../support/pdf.js';
import { completed, uploadNote, withSdk } from './sdk-client.js';

const threePages = (): Promise<Uint8Array> =>
  makePdf((doc) => {
    doc.text('Words of the first page');
    doc.addPage().text('Words of the second page');
    doc.addPage().text('Words of the third page');
  });

it('uploads, parses, polls and reads the result', async () => {
  await withSdk({}, async (sdk) => {
    const file = await toFile(await threePages(), 'three.pdf');
    const upload = await sdk.upload({ file });
    expect(upload).toMatchObject({
      file_id: expect.stringMatching(/^reducto:\/\/.+\.pdf$/) as string,
      presigned_url: null,
    });
    const { job_id } = await sdk.parse.runJob({ input: upload, retrieval: { chunking: { chunk_mode: 'page' } } });
    const job = await completed(sdk, job_id);
    expect(job).not.toHaveProperty('job_id');
    expect(job).toMatchObject({
      type: 'Parse',
      num_pages: 3,
      total_pages: 3,
      reason: null,
      error: null,
      progress: null,
    });
    expect(job.result).toMatchObject({ response_type: 'parse', job_id, usage: { num_pages: 3, credits: 3 } });
    const { chunks } = (job.result as ParseResponse).result as ParseResponse.FullResult;
    expect(chunks).toHaveLength(3);
    expect(chunks[1]?.content).toContain('second page');
    expect(chunks[1]?.blocks[0]).toMatchObject({ bbox: { page: 2, original_page: 2 } });
  });
});

it('chains on a parse', async () => {
  await withSdk({}, async (sdk) => {
    const parsed = (await sdk.parse.run({ input: await uploadNote(sdk) })) as ParseResponse;
    const schema = { type: 'object', properties: { total: { type: 'number' } } };
    const extracted = await sdk.extract.run({ input: `jobid://${parsed.job_id}`, instructions: { schema } });
    expect(extracted).toMatchObject({ response_type: 'extract', result: [{ total: 12.5 }], citations: null });
    const sections = [{ name: 'Totals', description: 'total amount' }];
    const split = await sdk.split.run({ input: `jobid://${parsed.job_id}`, split_description: sections });
    expect(split.result).toMatchObject({ section_mapping: { Totals: [1] } });
  });
});

it('answers what is about no job', async () => {
  await withSdk({}, async (sdk) => {
    expect(await sdk.apiVersion()).toBe('sandbox');
    expect(await sdk.webhook.run()).toMatch(/^https:/);
  });
});

it('a call with an async block gives a job id', async () => {
  await withSdk({}, async (sdk) => {
    const input = await uploadNote(sdk);
    const parse = await sdk.parse.run({ input, async: {} });
    expect(Object.keys(parse)).toEqual(['job_id']);
    const extract = await sdk.extract.run({ input, instructions: { schema: { type: 'object' } }, async: {} });
    expect(Object.keys(extract)).toEqual(['job_id']);
  });
});

it('lists with cursors and cancels', async () => {
  await withSdk({ faults: [{ job: 'stuck' }] }, async (sdk, sandbox) => {
    const upload = await uploadNote(sdk);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await sdk.parse.runJob({ input: upload })).job_id);
    const listed: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Reducto.JobGetAllResponse = await sdk.job.getAll({ limit: 2, cursor });
      listed.push(...page.jobs.map((job) => job.job_id));
      cursor = page.next_cursor ?? null;
    } while (cursor !== null);
    expect(listed).toEqual(ids);
    expect(sandbox.ledger.counts().lists).toBe(3);
    expect(await sdk.job.cancel(ids[0]!)).toEqual({});
    expect((await sdk.job.get(ids[0]!)).status).toBe('Cancelled');
  });
});

it('its error classes come for the statuses they stand for', async () => {
  await withSdk({ faults: [{ on: 'list', do: 'rate-limited' }] }, async (sdk, sandbox) => {
    const stranger = new Reducto({ apiKey: 'wrong', baseURL: sandbox.reducto.baseUrl, maxRetries: 0 });
    await expect(stranger.job.get('x')).rejects.toBeInstanceOf(Reducto.AuthenticationError);
    await expect(sdk.job.get('x')).rejects.toBeInstanceOf(Reducto.NotFoundError);
    await expect(sdk.job.get('x')).rejects.toMatchObject({ status: 404, error: { error: { name: 'NOT_FOUND' } } });
    await expect(sdk.parse.runJob({} as Reducto.ParseRunJobParams)).rejects.toBeInstanceOf(
      Reducto.UnprocessableEntityError,
    );
    await expect(sdk.job.getAll()).rejects.toBeInstanceOf(Reducto.RateLimitError);
    await expect(sdk.job.getAll()).rejects.toThrow('[CODE 1000]');
  });
});
