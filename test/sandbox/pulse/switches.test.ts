import { describe, expect, it } from 'vitest';
import { AT_ONCE, INVOICE_FILE, withPulse } from './client.js';
import * as shapes from './shapes.js';

describe('switches', () => {
  it('acknowledgements: 200 or 202, for each endpoint', async () => {
    const ackStatus = { extract: 202, split: 200, schema: 200, tables: 200, pipeline: 200 } as const;
    await withPulse({ pulse: { ackStatus } }, async ({ client }) => {
      const extract = await client.form('/extract', { async: 'true' }, INVOICE_FILE);
      const legacy = await client.form('/extract_async', {}, INVOICE_FILE);
      expect([extract.status, legacy.status]).toEqual([202, 202]);
      const { job_id } = shapes.ack.parse(extract.body);
      const { extraction_id } = shapes.extraction.parse(await client.finished(job_id));
      for (const [path, body] of [
        ['/split', { extraction_id, split_config: { split_input: [{ name: 'A' }] } }],
        ['/schema', { extraction_id, schema_config: { input_schema: { type: 'object' } } }],
        ['/tables', { extraction_id }],
      ] as const) {
        expect((await client.post(path, { ...body, async: true })).status).toBe(200);
      }
      const steps = '{"extract":{}}';
      expect((await client.form('/pipeline/execute', { steps, async: 'true' }, INVOICE_FILE)).status).toBe(200);
    });
  });

  it('tables may acknowledge with tables_id, which is the job’s', async () => {
    await withPulse({ pulse: { tablesAckField: 'tables_id' } }, async ({ client }) => {
      const { extraction_id } = shapes.extraction.parse(await client.finished(await client.submit()));
      const { body } = await client.post('/tables', { extraction_id, async: true });
      const { tables_id } = body as { tables_id: string };
      expect(body).toEqual({ tables_id, status: 'pending', message: expect.any(String) as string });
      expect(shapes.tables.parse(await client.finished(tables_id)).tables_id).toBe(tables_id);
    });
  });

  it.each([
    ['number', { credits_used: 3 }],
    ['null', { credits_used: null }],
    ['absent', {}],
  ] as const)('credits_used: %s', async (creditsUsed, expected) => {
    await withPulse({ ...AT_ONCE, pulse: { creditsUsed } }, async ({ client }) => {
      const { body } = await client.form('/extract', {}, INVOICE_FILE);
      const shown = Object.entries(body as object).filter(([key]) => key === 'credits_used');
      expect(Object.fromEntries(shown)).toEqual(expected);
    });
  });

  it.each(['plan_info', 'plan-info'] as const)('the plan stands under %s', async (planInfoKey) => {
    await withPulse({ ...AT_ONCE, pulse: { planInfoKey } }, async ({ client }) => {
      const { body } = await client.form('/extract', {}, INVOICE_FILE);
      expect(Object.keys(body as object).filter((key) => key.startsWith('plan'))).toEqual([planInfoKey]);
    });
  });

  it('extra fields in every reply', async () => {
    await withPulse({ speed: 1_000, pulse: { extraFields: true } }, async ({ client }) => {
      const ack = await client.form('/extract', { async: 'true' }, INVOICE_FILE);
      expect(shapes.ack.strict().safeParse(ack.body).success).toBe(false);
      const { job_id } = shapes.ack.loose().parse(ack.body);
      expect(ack.body).toHaveProperty('queuedAt');
      expect(await client.job(job_id)).toMatchObject({ progress: 0, worker_pool: 'sandbox' });
      const { body } = await client.form('/extract', {}, INVOICE_FILE);
      expect(body).toMatchObject({
        job_id: expect.any(String) as string,
        metadata: {},
        markdown: expect.any(String) as string,
      });
    });
  });
});
