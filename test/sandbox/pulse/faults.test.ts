import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../src/sandbox/index.js';
import { AT_ONCE, INVOICE_FILE, withPulse } from './client.js';
import * as shapes from './shapes.js';

describe('a fault on a job', () => {
  it.each([
    ['coded', 'GPU_UNAVAILABLE: none free'],
    ['message', 'none free'],
  ] as const)('failed, told as text (%s)', async (jobError, text) => {
    const faults: FaultRule[] = [{ job: { failed: { name: 'GPU_UNAVAILABLE', message: 'none free' } } }];
    await withPulse({ pulse: { jobError }, faults }, async ({ client, clock }) => {
      const job_id = await client.submit();
      await client.job(job_id);
      clock.advance(10_000);
      expect(shapes.failedJob.parse(await client.job(job_id)).error).toBe(text);
      expect((await client.get(`/large_results/${job_id}`)).status).toBe(404);
    });
  });

  it('failed, in a synchronous call: the error it would have had', async () => {
    const faults: FaultRule[] = [{ job: { failed: { name: 'PROC_001', message: 'broke', code: 503 } } }];
    await withPulse({ ...AT_ONCE, faults }, async ({ client }) => {
      expect(await client.form('/extract', {}, INVOICE_FILE)).toMatchObject({
        status: 503,
        body: { error: { code: 'PROC_001', message: 'broke' } },
      });
    });
  });

  it('stuck: processing for ever; a synchronous call ends at its limit', async () => {
    await withPulse({ pulse: { syncLimitMs: 20 }, faults: [{ job: 'stuck' }] }, async ({ client, clock }) => {
      const job_id = await client.submit();
      await client.job(job_id);
      clock.advance(86_400_000);
      expect((await client.job(job_id)).status).toBe('processing');
      const { status, body } = await client.form('/extract', {}, INVOICE_FILE);
      expect(status).toBe(504);
      shapes.error.parse(body);
    });
  });

  it('vanished: accepted, then unknown', async () => {
    await withPulse({ faults: [{ job: 'vanished' }] }, async ({ client, sandbox }) => {
      const job_id = await client.submit();
      expect((await client.get(`/job/${job_id}`)).status).toBe(404);
      expect((await client.delete(`/job/${job_id}`)).status).toBe(404);
      expect(sandbox.ledger.jobs()).toMatchObject([{ jobId: job_id, gone: 'vanished' }]);
    });
  });

  it('a word that nobody knows', async () => {
    const faults: FaultRule[] = [{ job: { statusWord: 'queued', forMs: 60_000 } }];
    await withPulse({ faults }, async ({ client, clock }) => {
      const job_id = await client.submit();
      clock.advance(59_999);
      expect((await client.job(job_id)).status).toBe('queued');
      clock.advance(1);
      expect((await client.job(job_id)).status).toBe('completed');
    });
  });
});

describe('a fault on a call', () => {
  it.each([
    ['drop-before-accept', 'lost', 0],
    ['drop-after-accept', 'lost', 1],
    ['html-502', 502, 0],
    ['rate-limited', 429, 0],
    [{ status: 503, accept: true }, 503, 1],
  ] as const)('submit: %j', async (act, outcome, accepted) => {
    await withPulse({ faults: [{ on: 'submit', do: act }] }, async ({ client, sandbox }) => {
      const sent = client.form('/extract', { async: 'true' }, INVOICE_FILE);
      const answer = await sent.catch(() => null);
      expect(answer?.status ?? 'lost').toBe(outcome);
      if (outcome === 429) shapes.error.parse(answer?.body);
      expect(sandbox.ledger.accepted('parse')).toHaveLength(accepted);
      expect(sandbox.ledger.submits('parse')).toHaveLength(1);
    });
  });

  it('Retry-After comes when a script says so', async () => {
    const faults: FaultRule[] = [{ on: 'get', call: 2, do: { status: 429, headers: { 'retry-after': '7' } } }];
    await withPulse({ faults }, async ({ client }) => {
      const job_id = await client.submit();
      expect((await client.get(`/job/${job_id}`)).status).toBe(200);
      const limited = await client.get(`/job/${job_id}`);
      expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    });
  });

  it('cancel: both ways', async () => {
    await withPulse({ faults: [{ on: 'cancel', operation: 'parse', do: { status: 500 } }] }, async ({ client }) => {
      const job_id = await client.submit();
      expect((await client.delete(`/job/${job_id}`)).status).toBe(500);
      expect((await client.post(`/cancel/${job_id}`)).status).toBe(500);
      expect((await client.job(job_id)).status).toBe('pending');
    });
  });
});
