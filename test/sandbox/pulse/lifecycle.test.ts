import { describe, expect, it } from 'vitest';
import { withPulse, type PulseClient } from './client.js';
import * as shapes from './shapes.js';

const ANY_ID = '5b1c6d1e-7f0a-4c9f-9d1e-3a2b1c0d9e8f';

describe('a job', () => {
  it('goes from pending through processing to completed', async () => {
    await withPulse({}, async ({ client, clock }) => {
      const started = new Date(clock.now()).toISOString();
      const job_id = await client.submit();
      expect(shapes.runningJob.parse(await client.job(job_id))).toEqual({
        job_id,
        status: 'pending',
        created_at: started,
        updated_at: started,
      });
      clock.advance(5_000);
      expect(shapes.runningJob.parse(await client.job(job_id))).toMatchObject({
        status: 'processing',
        created_at: started,
        updated_at: new Date(clock.now()).toISOString(),
      });
      clock.advance(4_999);
      expect((await client.job(job_id)).status).toBe('processing');
      clock.advance(1);
      const ended = new Date(clock.now()).toISOString();
      clock.advance(60_000);
      const job = shapes.completedJob.parse(await client.job(job_id));
      expect(job).toMatchObject({ created_at: started, updated_at: ended, completed_at: ended });
      expect(await client.job(job_id)).toEqual(job);
    });
  });

  it('need not show when it ended', async () => {
    await withPulse({ pulse: { completedAt: false } }, async ({ client, clock }) => {
      const job_id = await client.submit();
      await client.job(job_id);
      clock.advance(10_000);
      shapes.completedJob.omit({ completed_at: true }).parse(await client.job(job_id));
    });
  });

  it('expires after its retention, whatever became of it', async () => {
    await withPulse({ pulse: { retentionMs: 60_000 } }, async ({ client, clock, sandbox }) => {
      const [done, canceled] = [await client.submit(), await client.submit()];
      await client.delete(`/job/${canceled}`);
      await client.finished(done);
      clock.advance(59_999);
      shapes.completedJob.parse(await client.job(done));
      clock.advance(1);
      shapes.expiredJob.parse(await client.job(done));
      shapes.expiredJob.parse(await client.job(canceled));
      expect(sandbox.ledger.jobs()).toMatchObject([{ gone: 'expired' }, { gone: 'expired' }]);
    });
  });

  it('that nobody knows: 404', async () => {
    await withPulse({}, async ({ client }) => {
      for (const answer of [
        await client.get(`/job/${ANY_ID}`),
        await client.delete(`/job/${ANY_ID}`),
        await client.post(`/cancel/${ANY_ID}`),
      ]) {
        expect(answer.status).toBe(404);
        shapes.error.parse(answer.body);
      }
    });
  });

  it('has no memory of an identical one', async () => {
    await withPulse({}, async ({ client, sandbox }) => {
      expect(await client.submit()).not.toBe(await client.submit());
      expect(sandbox.ledger.accepted('parse')).toHaveLength(2);
    });
  });
});

describe('cancelling', () => {
  const ways: [string, (client: PulseClient, id: string) => ReturnType<PulseClient['get']>][] = [
    ['DELETE /job', (client, id) => client.delete(`/job/${id}`)],
    ['POST /cancel', (client, id) => client.post(`/cancel/${id}`)],
  ];

  it.each(ways)('%s stops a running job', async (_name, cancel) => {
    await withPulse({}, async ({ client, clock, sandbox }) => {
      const job_id = await client.submit();
      await client.job(job_id);
      clock.advance(5_000);
      expect(await cancel(client, job_id)).toMatchObject({
        status: 200,
        body: { job_id, message: 'Job cancelled successfully' },
      });
      clock.advance(60_000);
      shapes.canceledJob.parse(await client.job(job_id));
      expect(sandbox.ledger.jobs()).toMatchObject([{ state: 'Cancelled', billed: { pages: 0, credits: 0 } }]);
      expect(sandbox.ledger.counts()).toMatchObject({ cancels: 1, deletes: 0 });
    });
  });

  it.each(['canceled', 'cancelled'] as const)('shows as %s', async (cancelledWord) => {
    await withPulse({ pulse: { cancelledWord } }, async ({ client }) => {
      const job_id = await client.submit();
      await client.delete(`/job/${job_id}`);
      expect((await client.job(job_id)).status).toBe(cancelledWord);
    });
  });

  it.each([500, 200] as const)('changes nothing about an ended job; answers %i', async (cancelEnded) => {
    await withPulse({ pulse: { cancelEnded } }, async ({ client }) => {
      const [done, canceled] = [await client.submit(), await client.submit()];
      await client.delete(`/job/${canceled}`);
      await client.finished(done);
      for (const id of [done, canceled]) {
        const before = await client.job(id);
        expect((await client.delete(`/job/${id}`)).status).toBe(cancelEnded);
        expect(await client.job(id)).toEqual(before);
      }
    });
  });

  it.each([
    ['ignored', 200, 'pending', 'completed'],
    ['completes-first', 200, 'completed', 'completed'],
    ['error', 500, 'pending', 'completed'],
  ] as const)('a fault: %s', async (cancel, status, now, later) => {
    await withPulse({ faults: [{ job: { cancel } }] }, async ({ client, clock }) => {
      const job_id = await client.submit();
      await client.job(job_id);
      expect((await client.delete(`/job/${job_id}`)).status).toBe(status);
      expect((await client.job(job_id)).status).toBe(now);
      clock.advance(10_000);
      expect((await client.job(job_id)).status).toBe(later);
    });
  });
});
