import { describe, expect, it } from 'vitest';
import { AT_ONCE, INVOICE_FILE, withPulse } from './client.js';
import * as shapes from './shapes.js';

const input_schema = { type: 'object', properties: { invoice_number: { type: 'string' }, total: { type: 'number' } } };
const split_input = [
  { name: 'Terms', description: 'payment terms and delivery' },
  { name: 'Invoice', description: 'invoice number and total' },
];

describe('POST /pipeline/execute', () => {
  const split_config = { split_input };
  const terms = { schema: { type: 'object', properties: { terms: { type: 'string' } } } };

  it.each([
    ['extract', { extract: {} }, 3],
    ['extract>schema', { extract: {}, schema: { input_schema } }, 6],
    ['extract>split', { extract: {}, split: split_config }, 9],
    [
      'extract>split>schema',
      { extract: {}, split: split_config, schema: { split_schema_config: { Terms: terms, Nope: terms } } },
      11,
    ],
    ['extract>split>schema, one for all', { extract: {}, split: split_config, schema: { input_schema } }, 12],
    ['extract>tables', { extract: {}, tables: {} }, 3],
  ])('%s', async (chain, steps, credits) => {
    await withPulse(AT_ONCE, async ({ client, sandbox }) => {
      const { status, body } = await client.form('/pipeline/execute', { steps: JSON.stringify(steps) }, INVOICE_FILE);
      expect(status).toBe(200);
      const { results, credits_used } = shapes.pipeline.parse(body);
      expect(Object.keys(results)).toEqual(chain.split(',')[0]!.split('>'));
      expect(credits_used).toBe(credits);
      expect(sandbox.ledger.accepted('pipeline')).toMatchObject([{ billed: { pages: 3, credits } }]);
      if (chain === 'extract>split>schema')
        expect(results.schema!.errors).toEqual({ Nope: expect.any(String) as string });
      // What it saved can be built on.
      const { extraction_id } = results.extract;
      expect((await client.post('/schema', { extraction_id, schema_config: { input_schema } })).status).toBe(200);
    });
  });

  it('asynchronously too; auto_delete keeps nothing', async () => {
    await withPulse({}, async ({ client }) => {
      const fields = { steps: '{"extract":{}}', async: 'true', auto_delete: 'true' };
      const { status, body } = await client.form('/pipeline/execute', fields, INVOICE_FILE);
      expect(status).toBe(202);
      const { results, auto_delete } = shapes.pipeline.parse(await client.finished(shapes.ack.parse(body).job_id));
      expect(auto_delete).toBe(true);
      const { extraction_id } = results.extract;
      expect((await client.post('/tables', { extraction_id })).status).toBe(404);
    });
  });

  it.each([
    [{ schema: { input_schema }, extract: {} }, 'REQ_003'],
    [{ extract: {}, tables: {}, schema: { input_schema } }, 'REQ_003'],
    [{ batch_extract: {} }, 'REQ_003'],
    [{}, 'REQ_003'],
    [{ extract: {}, schema: {} }, 'REQ_004'],
    [{ extract: {}, split: { split_input: [{ name: 'A' }, { name: 'A' }] } }, 'REQ_003'],
  ])('refuses %j', async (steps, code) => {
    await withPulse(AT_ONCE, async ({ client }) => {
      const answer = await client.form('/pipeline/execute', { steps: JSON.stringify(steps) }, INVOICE_FILE);
      expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
    });
  });
});
