import { get } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { FaultRule, SandboxOptions } from '../../../src/sandbox/index.js';
import { answerOf, type Answer } from '../client.js';
import { waitUntil } from '../../support/wait-until.js';
import { AT_ONCE, INVOICE_FILE, withPulse, type PulseClient } from './client.js';
import * as shapes from './shapes.js';

const LARGE: SandboxOptions = { pulse: { largePages: 3 } };
const HOUR = 3_600_000;

const pages = (count: number): Buffer => Buffer.from(Array(count).fill('One page\n').join('\f'));

/** The pointer that a large extraction's job gives. */
async function largeResult(client: PulseClient) {
  return shapes.pointer.parse(await client.finished(await client.submit()));
}

/** Without a key, as a presigned URL would be fetched. */
const download = async (url: string): Promise<Answer> => answerOf(await fetch(url));

describe('a large result', () => {
  it.each([
    [69, false],
    [70, true],
  ])('%i pages: behind a URL: %j', async (count, large) => {
    await withPulse({}, async ({ client }) => {
      const result = await client.finished(await client.submit({}, pages(count)));
      expect((large ? shapes.pointer : shapes.extraction).parse(result).page_count).toBe(count);
    });
  });

  it('is large by its bytes too, from any endpoint; a schema is not large by its pages', async () => {
    const schema_config = { input_schema: { type: 'object', properties: { total: { type: 'number' } } } };
    await withPulse({ pulse: { largePages: 3, largeBytes: 2_000 } }, async ({ client }) => {
      const { extraction_id } = await largeResult(client);
      const result = await client.done('/schema', { extraction_id, schema_config });
      expect(shapes.schema.parse(result).schema_output.values).toEqual({ total: 12.5 });
    });
    await withPulse({ pulse: { largeBytes: 200 } }, async ({ client }) => {
      const { extraction_id } = await largeResult(client);
      const result = await client.done('/schema', { extraction_id, schema_config });
      expect(result).toMatchObject({ is_url: true, url: expect.any(String) as string });
      expect(await download(result['url'] as string)).toMatchObject({
        status: 200,
        body: { schema_output: { values: { total: 12.5 } } },
      });
    });
  });

  it('can be read once, without a key; the pointer stays as it is', async () => {
    await withPulse(LARGE, async ({ client, sandbox }) => {
      const job_id = await client.submit();
      const pointer = shapes.pointer.parse(await client.finished(job_id));
      expect(pointer.url).toBe(`${sandbox.pulse.baseUrl}/large_results/${job_id}`);
      const first = await download(pointer.url);
      expect(first.status).toBe(200);
      const { extraction_id, markdown } = shapes.extraction
        .omit({ credits_used: true, plan_info: true })
        .parse(first.body);
      expect(extraction_id).toBe(pointer.extraction_id);
      expect(markdown).toContain('INV-77');
      for (const again of [await download(pointer.url), await client.get(`/large_results/${job_id}`)]) {
        expect(again.status).toBe(410);
        shapes.error.parse(again.body);
      }
      expect((await client.job(job_id)).result).toEqual(pointer);
      expect(sandbox.ledger.counts().fetches).toBe(3);
    });
  });

  it('is a pointer of a synchronous call too', async () => {
    await withPulse({ ...AT_ONCE, ...LARGE }, async ({ client }) => {
      const { status, body } = await client.form('/extract', {}, INVOICE_FILE);
      expect(status).toBe(200);
      expect((await download(shapes.pointer.parse(body).url)).status).toBe(200);
    });
  });

  it('is gone an hour after the job ended, also when it was never read', async () => {
    await withPulse(LARGE, async ({ client, clock }) => {
      const [early, late] = [await client.submit(), await client.submit()];
      await Promise.all([client.job(early), client.job(late)]);
      clock.advance(10_000 + HOUR - 1);
      expect((await client.get(`/large_results/${early}`)).status).toBe(200);
      clock.advance(1);
      const { status, body } = await client.get(`/large_results/${late}`);
      expect(status).toBe(410);
      shapes.error.parse(body);
    });
  });

  it('lives as long as is switched', async () => {
    await withPulse({ pulse: { largePages: 3, largeLifetimeMs: 5_000 } }, async ({ client, clock }) => {
      const { url } = await largeResult(client);
      clock.advance(5_000);
      expect((await download(url)).status).toBe(410);
    });
  });

  it('has its billing in the body too when so switched', async () => {
    await withPulse({ pulse: { largePages: 3, largeBilling: 'both' } }, async ({ client }) => {
      const { url, credits_used, plan_info } = await largeResult(client);
      expect(await download(url)).toMatchObject({ body: { credits_used, plan_info } });
    });
  });

  it('wants the key when so switched', async () => {
    await withPulse({ pulse: { largePages: 3, largeNeedsKey: true } }, async ({ client, sandbox }) => {
      const { url } = await largeResult(client);
      expect((await download(url)).status).toBe(401);
      const headers = { 'x-api-key': sandbox.pulse.apiKey };
      expect((await answerOf(await fetch(url, { headers }))).status).toBe(200);
    });
  });

  it('404: unknown, unfinished, not large, vanished', async () => {
    await withPulse({}, async ({ client, clock, sandbox }) => {
      const job_id = await client.submit();
      const large = await client.submit({}, pages(70));
      const statusOf = async (id: string) => (await client.get(`/large_results/${id}`)).status;
      expect([await statusOf('unknown'), await statusOf(job_id), await statusOf(large)]).toEqual([404, 404, 404]);
      await Promise.all([client.job(job_id), client.job(large)]);
      clock.advance(10_000);
      sandbox.jobs.vanish(large);
      expect([await statusOf(job_id), await statusOf(large)]).toEqual([404, 404]);
    });
  });
});

describe('a download that breaks off', () => {
  it.each([
    ['complete', 'truncate-body', 200],
    ['complete', 'drop-after-accept', 200],
    ['complete', 'html-502', 200],
    ['complete', { status: 503, accept: true }, 410],
    ['opened', 'truncate-body', 410],
    ['opened', 'drop-after-accept', 410],
    ['opened', 'html-502', 200],
  ] as const)('%s: after %j the next one gets %i', async (spentWhen, act, status) => {
    const faults: FaultRule[] = [{ on: 'fetch', provider: 'pulse', operation: 'parse', call: 1, do: act }];
    await withPulse({ pulse: { largePages: 3, spentWhen }, faults }, async ({ client }) => {
      const { url } = await largeResult(client);
      await download(url).catch(() => 'lost');
      expect((await download(url)).status).toBe(status);
      expect((await download(url)).status).toBe(410);
    });
  });

  it('by the reader, while the answer is on its way, is not spent', async () => {
    const faults: FaultRule[] = [{ on: 'fetch', call: 1, do: { slowBodyMs: 150 } }];
    await withPulse({ ...LARGE, faults }, async ({ client, sandbox }) => {
      const { url } = await largeResult(client);
      await new Promise<void>((resolve) => {
        const request = get(url, () => request.destroy()).on('close', resolve);
        request.on('error', () => undefined);
      });
      await waitUntil(() => sandbox.ledger.counts().fetches === 1, 'the call arrived');
      // The script ends the answer only now, long after the reader has gone: that must not count as sent.
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect((await download(url)).status).toBe(200);
    });
  });
});
