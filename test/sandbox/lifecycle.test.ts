import { describe, expect, it } from 'vitest';
import { makeEncryptedPdf } from '../support/pdf.js';
import { INVOICE_TEXT, withSandbox, type Client } from './client.js';

const parseOf = async (client: Client, extra: object = {}): Promise<string> =>
  client.submit('parse', { input: await client.upload(INVOICE_TEXT, 'a.txt'), ...extra });

describe('a job', () => {
  it('walks through its states as the clock goes on', async () => {
    await withSandbox({ reducto: { progress: true } }, async ({ client, clock, sandbox }) => {
      const id = await parseOf(client);
      const seen: unknown[] = [];
      for (const ms of [0, 5_000, 4_600, 400]) {
        clock.advance(ms);
        const { status, progress, result } = await client.job(id);
        seen.push([status, progress, result !== null]);
      }
      expect(seen).toEqual([
        ['Pending', 0, false],
        ['InProgress', 50, false],
        ['Completing', 95, false],
        ['Completed', 100, true],
      ]);
      expect(await client.job(id)).toMatchObject({ duration: 10, result: { duration: 10 } });
      expect(sandbox.ledger.jobs()).toMatchObject([{ state: 'Completed', billed: { pages: 3, credits: 1.5 } }]);
    });
  });

  it('lives by an asynchronous clock too', async () => {
    let time = 1_000_000;
    await withSandbox({ now: async () => Promise.resolve(time) }, async ({ client, sandbox }) => {
      const id = await parseOf(client);
      time += 10_000;
      expect((await client.job(id)).status).toBe('Completed');
      expect(sandbox.ledger.jobs()).toMatchObject([{ state: 'Completed', acceptedAt: 1_000_000 }]);
    });
  });

  it('takes base + per page, divided by the speed, with seeded jitter', async () => {
    const duration = { baseMs: 10_000, perPageMs: 2_000, jitter: 0.5 };
    const durations: number[] = [];
    for (const seed of [1, 1, 2]) {
      await withSandbox({ duration, seed, speed: 4 }, async ({ client, clock }) => {
        const id = await parseOf(client);
        await client.job(id);
        clock.advance(60_000);
        durations.push((await client.job(id))['duration'] as number);
      });
    }
    expect(durations[0]).toBe(durations[1]);
    expect(durations[0]).not.toBe(durations[2]);
    for (const seconds of durations) {
      expect(seconds).toBeGreaterThanOrEqual(2);
      expect(seconds).toBeLessThanOrEqual(6);
    }
  });

  it('takes exactly what a test says', async () => {
    await withSandbox({ speed: 10 }, async ({ client, clock, sandbox }) => {
      sandbox.durations.set('parse', 30 * 60_000);
      const id = await parseOf(client);
      clock.advance(30 * 60_000 - 1);
      expect((await client.job(id)).status).toBe('Completing');
      clock.advance(1);
      expect((await client.job(id)).status).toBe('Completed');
    });
  });

  it('can be ended, failed, renamed and lost by a test', async () => {
    await withSandbox({}, async ({ client, sandbox }) => {
      const ids = [await parseOf(client), await parseOf(client), await parseOf(client), await parseOf(client)] as const;
      await sandbox.jobs.finish(ids[0]);
      await sandbox.jobs.fail(ids[1], { name: 'PROCESSING_FAILED', message: 'broke' });
      sandbox.jobs.setStatusWord(ids[2], 'Idle');
      sandbox.jobs.vanish(ids[3]);
      expect((await client.job(ids[0])).status).toBe('Completed');
      expect(await client.job(ids[1])).toMatchObject({
        status: 'Failed',
        reason: 'broke',
        error: { code: 500, name: 'PROCESSING_FAILED', message: 'broke', job_id: ids[1] },
      });
      expect((await client.job(ids[2])).status).toBe('Idle');
      expect(await client.get(`/job/${ids[3]}`)).toMatchObject({ status: 404, body: { error: { name: 'NOT_FOUND' } } });
      expect(() => sandbox.jobs.vanish('unknown')).toThrow('the sandbox has no job unknown');
    });
  });

  it('has a small form', async () => {
    await withSandbox({ reducto: { jobShape: 'minimal' } }, async ({ client }) => {
      expect(Object.keys(await client.job(await parseOf(client)))).toEqual([
        'status',
        'result',
        'progress',
        'reason',
        'error',
      ]);
    });
  });

  it('is forgotten after 12 hours, unless it is persisted', async () => {
    await withSandbox({}, async ({ client, clock, sandbox }) => {
      const id = await parseOf(client);
      const kept = await parseOf(client, { settings: { persist_results: true } });
      await Promise.all([client.job(id), client.job(kept)]);
      clock.advance(10_000 + 12 * 3_600_000 - 1);
      expect((await client.job(id)).status).toBe('Completed');
      clock.advance(1);
      expect(await client.get(`/job/${id}`)).toMatchObject({ status: 404 });
      expect(await client.post('/extract_async', { input: `jobid://${id}` })).toMatchObject({
        status: 404,
        body: { error: { name: 'NOT_FOUND' } },
      });
      expect(await client.get('/jobs')).toMatchObject({ body: { jobs: [{ job_id: kept }] } });
      expect(sandbox.ledger.jobs()).toMatchObject([{ gone: 'expired', state: 'Completed' }, { gone: null }]);
    });
  });
});

describe('cancelling', () => {
  it.each([
    ['object', {}],
    ['null', null],
    ['status', { status: 'Cancelled' }],
  ] as const)('can answer %s', async (cancelBody, body) => {
    await withSandbox({ reducto: { cancelBody } }, async ({ client, sandbox }) => {
      const id = await parseOf(client);
      expect(await client.post(`/cancel/${id}`)).toMatchObject({ status: 200, body });
      expect(sandbox.ledger.jobs()).toMatchObject([{ state: 'Cancelled', billed: { pages: 0, credits: 0 } }]);
    });
  });

  it.each([
    ['status', 200, { status: 'Cancelled', error: null }],
    ['failed', 200, { status: 'Failed', error: { name: 'JOB_CANCELLED' } }],
    ['error', 409, { error: { name: 'JOB_CANCELLED' } }],
  ] as const)('can show as %s', async (cancelledForm, status, body) => {
    await withSandbox({ reducto: { cancelledForm } }, async ({ client, clock }) => {
      const id = await parseOf(client);
      await client.post(`/cancel/${id}`);
      clock.advance(60_000);
      expect(await client.get(`/job/${id}`)).toMatchObject({ status, body });
      expect(await client.get('/jobs')).toMatchObject({ body: { jobs: [{ status: 'Cancelled' }] } });
    });
  });

  it('of one job comes to what a test says', async () => {
    await withSandbox({}, async ({ client, sandbox }) => {
      const [ignored, first] = [await parseOf(client), await parseOf(client)];
      sandbox.jobs.setCancel(ignored, 'ignored');
      sandbox.jobs.setCancel(first, 'completes-first');
      for (const id of [ignored, first]) expect((await client.post(`/cancel/${id}`)).status).toBe(200);
      expect(['Pending', 'InProgress']).toContain((await client.job(ignored)).status);
      expect((await client.job(first)).status).toBe('Completed');
      sandbox.jobs.setCancel(ignored, null);
      await client.post(`/cancel/${ignored}`);
      expect((await client.job(ignored)).status).toBe('Cancelled');
    });
  });

  it('changes nothing about a finished job, and does not know a strange one', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const id = await parseOf(client);
      await client.job(id);
      clock.advance(10_000);
      expect((await client.post(`/cancel/${id}`)).status).toBe(200);
      expect((await client.job(id)).status).toBe('Completed');
      expect((await client.post('/cancel/unknown')).status).toBe(404);
    });
  });
});

describe('deleting', () => {
  it('answers 202, then 409, then 410', async () => {
    await withSandbox({}, async ({ client, clock, sandbox }) => {
      const id = await parseOf(client);
      expect(await client.delete(`/job/${id}`)).toMatchObject({ status: 202, body: { job_id: id } });
      expect(await client.get(`/job/${id}`)).toMatchObject({
        status: 409,
        body: { error: { name: 'JOB_DELETION_IN_PROGRESS' } },
      });
      clock.advance(2_000);
      expect(await client.get(`/job/${id}`)).toMatchObject({ status: 410, body: { error: { name: 'JOB_DELETED' } } });
      expect(
        await client.post('/split_async', {
          input: `jobid://${id}`,
          split_description: [{ name: 'a', description: 'b' }],
        }),
      ).toMatchObject({ status: 410 });
      expect(sandbox.ledger.counts().deletes).toBe(1);
    });
  });
});

describe('a document that can’t be read', () => {
  const encrypted = () => makeEncryptedPdf('open sesame');

  it.each([
    ['encrypted', encrypted, 442, 'DOCUMENT_PASSWORD_PROTECTED'],
    ['corrupt', async () => Buffer.from('%PDF-1.7\nnothing of a PDF'), 415, 'DOCUMENT_CORRUPT'],
    ['empty', async () => Buffer.alloc(0), 400, 'DOCUMENT_EMPTY'],
    ['of another kind', async () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2]), 415, 'DOCUMENT_UNSUPPORTED'],
  ])('%s: fails the job, or the call', async (_name, bytes, code, name) => {
    await withSandbox({ speed: 1_000 }, async ({ client, clock, sandbox }) => {
      const input = await client.upload(await bytes());
      const id = await client.submit('parse', { input });
      await client.job(id);
      clock.advance(10_000);
      expect(await client.job(id)).toMatchObject({ status: 'Failed', error: { code, name, job_id: id }, result: null });
      expect(await client.post('/parse', { input })).toMatchObject({ status: code, body: { error: { code, name } } });
      expect(sandbox.ledger.billed()).toEqual({ pages: 0, credits: 0 });
    });
  });

  it('is refused at the submit when so switched', async () => {
    await withSandbox({ reducto: { unreadableAt: 'submit' } }, async ({ client, sandbox }) => {
      const input = await client.upload(await encrypted());
      expect(await client.post('/parse_async', { input })).toMatchObject({ status: 442 });
      expect(sandbox.ledger.accepted()).toEqual([]);
    });
  });

  it('opens with its password', async () => {
    await withSandbox({}, async ({ client, clock }) => {
      const input = await client.upload(await encrypted());
      const id = await client.submit('parse', { input, settings: { document_password: 'open sesame' } });
      await client.job(id);
      clock.advance(10_000);
      expect(JSON.stringify(await client.job(id))).toContain('4711');
    });
  });
});
