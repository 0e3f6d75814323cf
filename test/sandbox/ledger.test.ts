import { expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { answerOf, INVOICE_TEXT, withSandbox } from './client.js';

it('counts what arrived, and what was accepted', async () => {
  await withSandbox(
    { faults: [{ on: 'submit', call: 2, do: 'drop-before-accept' }] },
    async ({ client, clock, sandbox }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const id = await client.submit('parse', { input, async: { metadata: { marker: 'm-1' } } });
      await expect(client.post('/parse_async', { input })).rejects.toThrow();
      await client.post('/extract_async', {});
      await client.get('/jobs');
      await client.job(id);
      await client.job('unknown');
      await client.post(`/cancel/${id}`);
      await client.delete(`/job/${id}`);
      expect(sandbox.ledger.counts()).toEqual({
        submits: 3,
        accepted: 1,
        reads: 2,
        lists: 1,
        cancels: 1,
        deletes: 1,
        uploads: 1,
        puts: 0,
        fetches: 0,
        refusedKeys: 0,
      });
      expect(sandbox.ledger.submits()).toEqual([
        { provider: 'reducto', operation: 'parse', at: clock.now(), status: 200, jobId: id },
        { provider: 'reducto', operation: 'parse', at: clock.now(), status: null, jobId: null },
        { provider: 'reducto', operation: 'extract', at: clock.now(), status: 422, jobId: null },
      ]);
      expect(sandbox.ledger.accepted('extract')).toEqual([]);
      expect(sandbox.ledger.accepted('parse')).toMatchObject([
        {
          jobId: id,
          metadata: { marker: 'm-1' },
          state: 'Cancelled',
          gone: 'deleted',
          billed: { pages: 0, credits: 0 },
        },
      ]);
      const { body } = await answerOf(await fetch(`${sandbox.url}/_sandbox/ledger`));
      expect(body).toEqual(JSON.parse(JSON.stringify(sandbox.ledger)));
      expect(JSON.stringify(body)).not.toContain(sandbox.reducto.apiKey);
    },
  );
});

it.each([
  [{ port: 70_000 }, 'sandbox option port: expected an integer 0..65535, received 70000'],
  [{ speed: 0 }, 'sandbox option speed: expected a number above 0, received 0'],
  [{ key: ' ' }, 'sandbox option key: expected text that is not empty'],
  [{ duration: { baseMs: 1, perPageMs: 1, jitter: 2 } }, 'sandbox option duration.jitter: expected a number 0..1'],
  [{ faults: [{ job: 'odd' as never }] }, 'faults[0].job: Invalid option'],
])('createSandbox(%j) says what is wrong', async (options, message) => {
  await expect(createSandbox(options)).rejects.toThrow(message);
});

it('a port that is taken is an error, not a crash', async () => {
  await using sandbox = await createSandbox();
  const port = Number(new URL(sandbox.url).port);
  await expect(createSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('takes the key it is given', async () => {
  await using sandbox = await createSandbox({ key: 'mine' });
  const { apiKey, baseUrl } = sandbox.reducto;
  expect((await fetch(`${baseUrl}/jobs`, { headers: { authorization: `Bearer ${apiKey}` } })).status).toBe(200);
});
