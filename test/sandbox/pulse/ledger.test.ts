import { expect, it } from 'vitest';
import { answerOf } from '../client.js';
import { INVOICE_FILE, withPulse } from './client.js';
import * as shapes from './shapes.js';

it('counts what arrived, under our names of the operations', async () => {
  await withPulse({}, async ({ client, clock, sandbox }) => {
    const job_id = await client.submit();
    const { extraction_id } = shapes.extraction.parse(await client.finished(job_id));
    const split_config = { split_input: [{ name: 'Terms' }] };
    const schema_config = { input_schema: { type: 'object', properties: { total: { type: 'number' } } } };
    await client.done('/split', { extraction_id, split_config });
    await client.done('/schema', { extraction_id, schema_config });
    await client.done('/tables', { extraction_id });
    await client.form('/pipeline/execute', { steps: '{"extract":{}}', async: 'true' }, INVOICE_FILE);
    await client.post('/extract', {});
    await client.delete(`/job/${job_id}`);
    await client.get(`/large_results/${job_id}`);
    await client.post('/webhook');
    expect(sandbox.ledger.counts()).toEqual({
      submits: 6,
      accepted: 5,
      reads: 8,
      lists: 0,
      cancels: 1,
      deletes: 0,
      uploads: 0,
      puts: 0,
      fetches: 1,
      refusedKeys: 0,
    });
    expect(sandbox.ledger.submits().map(({ provider, operation, status }) => [provider, operation, status])).toEqual([
      ['pulse', 'parse', 200],
      ['pulse', 'split', 202],
      ['pulse', 'extract', 202],
      ['pulse', 'tables', 202],
      ['pulse', 'pipeline', 202],
      ['pulse', 'parse', 400],
    ]);
    clock.advance(10_000);
    expect(sandbox.ledger.jobs().map(({ operation, metadata, billed }) => [operation, metadata, billed])).toEqual([
      ['parse', null, { pages: 3, credits: 3 }],
      ['split', null, { pages: 3, credits: 6 }],
      ['extract', null, { pages: 3, credits: 3 }],
      ['tables', null, { pages: 3, credits: 0 }],
      ['pipeline', null, { pages: 3, credits: 3 }],
    ]);
    const { body } = await answerOf(await fetch(`${sandbox.url}/_sandbox/ledger`));
    expect(body).toEqual(JSON.parse(JSON.stringify(sandbox.ledger)));
  });
});

it('the model decides the price; totals are the organisation’s to date', async () => {
  await withPulse({}, async ({ client, sandbox }) => {
    const first = shapes.extraction.parse(await client.finished(await client.submit({ model: 'pulse-ultra-2' })));
    expect(first).toMatchObject({ credits_used: 30, plan_info: { total_credits_used: 30, pages_used: 3 } });
    const job_id = await client.submit();
    const second = shapes.extraction.parse(await client.finished(job_id));
    expect(second).toMatchObject({ credits_used: 3, plan_info: { total_credits_used: 33, pages_used: 6 } });
    // Reading it again books nothing.
    expect((await client.job(job_id)).result).toEqual(second);
    expect(sandbox.ledger.billed()).toEqual({ pages: 6, credits: 33 });
  });
});
