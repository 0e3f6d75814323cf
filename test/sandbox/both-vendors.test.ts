import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../src/sandbox/index.js';
import { answerOf, INVOICE_TEXT } from './client.js';
import { withPulse } from './pulse/client.js';

describe('both vendors on one sandbox', () => {
  it('know nothing of each other’s jobs', async () => {
    await withPulse({}, async ({ client, sandbox }) => {
      const headers = { authorization: `Bearer ${sandbox.reducto.apiKey}` };
      const reducto = async (path: string, init: RequestInit = {}) =>
        answerOf(await fetch(sandbox.reducto.baseUrl + path, { headers, ...init }));
      const form = new FormData();
      form.set('file', new File([new Uint8Array(INVOICE_TEXT)], 'a.txt'));
      const { file_id } = (await reducto('/upload', { method: 'POST', body: form })).body as { file_id: string };
      const submitted = await reducto('/parse_async', { method: 'POST', body: JSON.stringify({ input: file_id }) });
      const { job_id: theirs } = submitted.body as { job_id: string };
      const ours = await client.submit();

      expect((await reducto(`/job/${theirs}`)).status).toBe(200);
      expect((await client.get(`/job/${ours}`)).status).toBe(200);
      expect((await reducto(`/job/${ours}`)).status).toBe(404);
      expect((await reducto(`/cancel/${ours}`, { method: 'POST' })).status).toBe(404);
      const chained = await reducto('/extract_async', {
        method: 'POST',
        body: JSON.stringify({ input: `jobid://${ours}` }),
      });
      expect(chained).toMatchObject({ status: 404, body: { error: { name: 'NOT_FOUND' } } });
      expect((await client.get(`/job/${theirs}`)).status).toBe(404);
      expect((await client.delete(`/job/${theirs}`)).status).toBe(404);
      expect((await client.get(`/large_results/${theirs}`)).status).toBe(404);
      const { jobs } = (await reducto('/jobs')).body as { jobs: { job_id: string }[] };
      expect(jobs.map(({ job_id }) => job_id)).toEqual([theirs]);
      expect(sandbox.ledger.accepted('parse').map(({ provider }) => provider)).toEqual(['reducto', 'pulse']);
      expect((await reducto('/nowhere')).body).toEqual({ detail: 'Not Found' });
    });
  });

  it('a fault rule, and a hold, may be for one of them', async () => {
    const faults: FaultRule[] = [
      { on: 'get', provider: 'pulse', do: 'html-502' },
      { job: 'stuck', provider: 'pulse' },
    ];
    await withPulse({ faults }, async ({ client, clock, sandbox }) => {
      const headers = { authorization: `Bearer ${sandbox.reducto.apiKey}` };
      const held = sandbox.faults.hold({ on: 'submit', provider: 'pulse' });
      const submitted = await answerOf(
        await fetch(`${sandbox.reducto.baseUrl}/parse_async`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ input: 'data:,x' }),
        }),
      );
      expect(submitted.status).toBe(400);
      const submit = client.submit();
      await held.reached;
      held.release();
      const job_id = await submit;
      expect((await client.get(`/job/${job_id}`)).status).toBe(502);
      expect((await fetch(`${sandbox.reducto.baseUrl}/job/unknown`, { headers })).status).toBe(404);
      clock.advance(86_400_000);
      expect(sandbox.ledger.jobs()).toMatchObject([{ provider: 'pulse', endedAt: null }]);
    });
  });
});
