import { describe, expect, it } from 'vitest';
import { INVOICE_TEXT } from '../client.js';
import { TABLE_TEXT, withPulse, type PulseClient } from './client.js';
import * as shapes from './shapes.js';

const input_schema = { type: 'object', properties: { invoice_number: { type: 'string' }, total: { type: 'number' } } };
const contact = { schema: { type: 'object', properties: { email: { type: 'string' } } } };
const split_config = {
  split_input: [
    { name: 'Invoice', description: 'invoice number and total' },
    { name: 'Terms', description: 'payment terms and delivery' },
    { name: 'Contact', description: 'email address of the office' },
    { name: 'Recipes', description: 'flour butter oven' },
  ],
};

async function extracted(client: PulseClient, bytes: Uint8Array = INVOICE_TEXT): Promise<string> {
  return shapes.extraction.parse(await client.finished(await client.submit({}, bytes))).extraction_id;
}

async function splitOf(client: PulseClient): Promise<string> {
  const extraction_id = await extracted(client);
  return shapes.split.parse(await client.done('/split', { extraction_id, split_config })).split_id;
}

describe('extract → schema', () => {
  it('finds the values, and cites the boxes they stand in', async () => {
    await withPulse({}, async ({ client }) => {
      const extraction = shapes.extraction.parse(await client.finished(await client.submit()));
      const body = { extraction_id: extraction.extraction_id, schema_config: { input_schema, effort: true } };
      const { schema_output, credits_used } = shapes.schema.parse(await client.done('/schema', body));
      expect(schema_output.values).toEqual({ invoice_number: 'INV-77', total: 12.5 });
      expect(credits_used).toBe(12);
      const box = extraction.bounding_boxes.Text.find(({ id }) => id === schema_output.citations['invoice_number']);
      expect(box?.content).toContain('INV-77');
    });
  });

  it('cites the cells of tables, and nothing for what is not there', async () => {
    const orders = {
      type: 'object',
      properties: {
        items: {
          type: 'array',
          items: { type: 'object', properties: { item: { type: 'string' }, quantity: { type: 'integer' } } },
        },
        shipping_agent: { type: 'string' },
      },
    };
    await withPulse({}, async ({ client }) => {
      const extraction_id = await extracted(client, TABLE_TEXT);
      const body = { extraction_id, schema_config: { input_schema: orders } };
      const { values, citations } = shapes.schema.parse(await client.done('/schema', body)).schema_output;
      expect(values).toMatchObject({ items: expect.arrayContaining([{ item: 'Nut', quantity: 8 }]) as unknown });
      const row = (values['items'] as { item: string }[]).findIndex(({ item }) => item === 'Nut');
      expect(citations).toMatchObject({ shipping_agent: '' });
      expect((citations as { items: unknown[] }).items[row]).toEqual({ item: 'tbl-1-r3c1', quantity: 'tbl-1-r3c2' });
    });
  });

  it('cites the row that a value stands in, though other rows say the same', async () => {
    const stock = Buffer.from(
      'Item        Quantity    Price\nBolt        4           1.50\nNut         4           1.50\nPin         4           1.50\n',
    );
    const item = { type: 'object', properties: { item: { type: 'string' }, quantity: { type: 'integer' } } };
    const schema = { type: 'object', properties: { items: { type: 'array', items: item } } };
    await withPulse({}, async ({ client }) => {
      const body = { extraction_id: await extracted(client, stock), schema_config: { input_schema: schema } };
      const { citations } = shapes.schema.parse(await client.done('/schema', body)).schema_output;
      expect((citations['items'] as { quantity: string }[]).map(({ quantity }) => quantity)).toEqual([
        'tbl-1-r2c2',
        'tbl-1-r3c2',
        'tbl-1-r4c2',
      ]);
    });
  });

  it('each run has an id of its own; the version counts the runs on an extraction', async () => {
    await withPulse({}, async ({ client }) => {
      const [one, other] = [await extracted(client), await extracted(client)];
      const run = async (extraction_id: string) =>
        shapes.schema.parse(await client.done('/schema', { extraction_id, schema_config: { input_schema } }));
      const runs = [await run(one), await run(one), await run(other)];
      expect(runs.map(({ version }) => version)).toEqual([1, 2, 1]);
      expect(new Set(runs.map(({ schema_id }) => schema_id)).size).toBe(3);
    });
  });

  it('several extractions are one document; citations say which one', async () => {
    await withPulse({}, async ({ client, sandbox }) => {
      const ids = [
        await extracted(client, Buffer.from('Cover letter\n\fInvoice number: A-1\n')),
        await extracted(client, Buffer.from('Total: $12.50\n')),
      ];
      const body = { extraction_ids: ids, schema_config: { input_schema } };
      const { schema_output, extraction_ids } = shapes.schema.parse(await client.done('/schema', body));
      expect(schema_output).toEqual({
        values: { invoice_number: 'A-1', total: 12.5 },
        citations: { invoice_number: `${ids[0]}-txt-2`, total: `${ids[1]}-txt-1` },
      });
      expect(extraction_ids).toEqual(ids);
      expect(sandbox.ledger.accepted('extract')).toMatchObject([{ billed: { pages: 3, credits: 3 } }]);
    });
  });
});

describe('extract → split → schema', () => {
  it('each topic by its own schema, on its own pages', async () => {
    await withPulse({}, async ({ client, sandbox }) => {
      const split_id = await splitOf(client);
      const split_schema_config = { Invoice: { schema: input_schema, effort: true }, Contact: contact };
      const result = shapes.topicSchema.parse(await client.done('/schema', { split_id, split_schema_config }));
      expect(result.split_id).toBe(split_id);
      expect(Object.keys(result.results)).toEqual(['Invoice', 'Contact']);
      expect(result.results['Invoice']).toMatchObject({ values: { invoice_number: 'INV-77', total: 12.5 } });
      expect(result.results['Contact']).toMatchObject({ values: { email: 'office@example.com' } });
      expect(result.input_schemas).toEqual({ Invoice: input_schema, Contact: contact.schema });
      expect(result).not.toHaveProperty('errors');
      expect(
        sandbox.ledger.accepted().map(({ operation, billed }) => [operation, billed.pages, billed.credits]),
      ).toEqual([
        ['parse', 3, 3],
        ['split', 3, 6],
        ['extract', 2, 5],
      ]);
    });
  });

  it('a topic that can’t be done is an error of its own; the job completes', async () => {
    await withPulse({}, async ({ client }) => {
      const split_id = await splitOf(client);
      const split_schema_config = {
        Contact: contact,
        Unheard: contact,
        Recipes: contact,
        Terms: { schema_config_id: 'a-preset' },
      };
      const result = shapes.topicSchema.parse(await client.done('/schema', { split_id, split_schema_config }));
      expect(Object.keys(result.results)).toEqual(['Contact']);
      expect(Object.keys(result.errors!).sort()).toEqual(['Recipes', 'Terms', 'Unheard']);
      expect(result.credits_used).toBe(1);
    });
  });

  it.each(['results', 'schema_output'] as const)('values stand under %s', async (splitSchemaKey) => {
    await withPulse({ pulse: { splitSchemaKey } }, async ({ client }) => {
      const split_id = await splitOf(client);
      const result = await client.done('/schema', { split_id, split_schema_config: { Contact: contact } });
      expect(Object.keys(result).filter((key) => ['results', 'schema_output'].includes(key))).toEqual([splitSchemaKey]);
      expect(result[splitSchemaKey]).toMatchObject({ Contact: { values: { email: 'office@example.com' } } });
    });
  });

  it.each([
    ['list', { Invoice: [1], Terms: [2], Contact: [3], Recipes: [] }],
    ['absent', { Invoice: [1], Terms: [2], Contact: [3] }],
  ] as const)('a topic without pages: %s', async (emptyTopics, splits) => {
    await withPulse({ pulse: { emptyTopics } }, async ({ client }) => {
      const extraction_id = await extracted(client);
      const result = shapes.split.parse(await client.done('/split', { extraction_id, split_config }));
      expect(result.split_output.splits).toEqual(splits);
    });
  });

  it('takes the topics under their older name', async () => {
    await withPulse({}, async ({ client }) => {
      const extraction_id = await extracted(client);
      const body = { extraction_id, split_config: { topics: split_config.split_input } };
      expect(shapes.split.parse(await client.done('/split', body)).split_output.splits['Terms']).toEqual([2]);
    });
  });
});

describe('what is saved', () => {
  it('has ids of its own, not those of the jobs', async () => {
    await withPulse({}, async ({ client, clock }) => {
      const job_id = await client.submit();
      const first = shapes.extraction.parse(await client.finished(job_id));
      expect((await client.post('/tables', { extraction_id: job_id })).status).toBe(404);
      const { body } = await client.post('/split', { extraction_id: first.extraction_id, split_config, async: true });
      const split_job = shapes.ack.parse(body).job_id;
      await client.job(split_job);
      clock.advance(10_000);
      const { split_id } = shapes.split.parse((await client.job(split_job)).result);
      const split_schema_config = { Contact: contact };
      expect((await client.post('/schema', { split_id, split_schema_config, async: true })).status).toBe(202);
    });
  });

  it('outlives its job, for ever', async () => {
    await withPulse({ pulse: { retentionMs: 1_000 } }, async ({ client, clock }) => {
      const job_id = await client.submit();
      const { extraction_id } = shapes.extraction.parse(await client.finished(job_id));
      clock.advance(365 * 86_400_000);
      shapes.expiredJob.parse(await client.job(job_id));
      const { body } = await client.post('/schema', { extraction_id, schema_config: { input_schema }, async: true });
      expect(await client.job(shapes.ack.parse(body).job_id)).toMatchObject({ status: 'pending' });
    });
  });

  it('or for so long', async () => {
    await withPulse({ pulse: { extractionRetentionMs: 60_000 } }, async ({ client, clock }) => {
      const split_id = await splitOf(client);
      const split_schema_config = { Contact: contact };
      clock.advance(59_999);
      expect((await client.post('/schema', { split_id, split_schema_config, async: true })).status).toBe(202);
      clock.advance(1);
      expect((await client.post('/schema', { split_id, split_schema_config, async: true })).status).toBe(404);
    });
  });

  it('is not there for a job that vanished', async () => {
    await withPulse({}, async ({ client, sandbox }) => {
      const job_id = await client.submit();
      const { extraction_id } = shapes.extraction.parse(await client.finished(job_id));
      sandbox.jobs.vanish(job_id);
      expect((await client.post('/tables', { extraction_id })).status).toBe(404);
    });
  });
});
