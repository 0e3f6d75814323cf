import { Webhook as SvixWebhook } from 'svix';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.js';
import { createSandbox } from '../../../src/sandbox/index.js';
import { INVOICE_TEXT, withSandbox } from '../client.js';
import { arrived, type Received, receiver, register, SECRET, submit, TOKEN } from './stand.js';

describe('Reducto', () => {
  it('tells of a job’s end when it has come, with the caller’s metadata, signed', async () => {
    const { url, received } = await receiver();
    await withSandbox({}, async ({ sandbox, client, clock }) => {
      register(sandbox, `${url}/hook`);
      const job_id = await submit(client);
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(received).toEqual([]);
      clock.advance(10_001);
      await arrived(received);
      const [{ path, headers, body, text }] = received as [Received];
      expect([path, body]).toEqual(['/hook', { status: 'Completed', job_id, metadata: { doc: 'd1' } }]);
      expect(Object.keys(headers).filter((name) => name.startsWith('webhook-'))).toEqual([]);
      expect(new SvixWebhook(SECRET).verify(text, headers as Record<string, string>)).toEqual(body);
      expect(sandbox.ledger.webhooks()).toMatchObject([
        {
          provider: 'reducto',
          jobId: job_id,
          event: 'async.update',
          mode: 'signed',
          to: url,
          state: 'delivered',
          attempts: [{ status: 204 }],
        },
      ]);
      expect(sandbox.ledger.webhooks()[0]?.eventId).toBe(headers['svix-id']);
    });
  });

  it('tells of a failure, and of no cancel', async () => {
    const { url, received } = await receiver();
    await withSandbox({}, async ({ sandbox, client }) => {
      register(sandbox, url);
      const [failed, cancelled] = [await submit(client), await submit(client)];
      await client.post(`/cancel/${cancelled}`);
      await sandbox.jobs.fail(failed, { name: 'PROCESSING_FAILED', message: 'no' });
      await arrived(received);
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(received.map(({ body }) => [body.job_id, body.status])).toEqual([[failed, 'Failed']]);
    });
  });

  it('calls the URL of a submit without a signature, for edit too', async () => {
    const { url, received } = await receiver();
    await withSandbox({ duration: { baseMs: 0, perPageMs: 0, jitter: 0 } }, async ({ sandbox, client }) => {
      const direct = { mode: 'direct', url: `${url}/${TOKEN}` };
      const parsed = await submit(client, direct);
      const document_url = await client.upload(INVOICE_TEXT, 'a.txt');
      const edited = await client.submit('edit', {
        document_url,
        edit_instructions: 'x',
        webhook: { ...direct, metadata: { of: 'edit' } },
      });
      await arrived(received, 2);
      expect(received.map(({ path, body }) => [path, body.job_id, body.metadata]).sort()).toEqual(
        [
          [`/${TOKEN}`, parsed, { doc: 'd1' }],
          [`/${TOKEN}`, edited, { of: 'edit' }],
        ].sort(),
      );
      expect(Object.keys(received[0]!.headers).filter((name) => /signature|timestamp|svix/.test(name))).toEqual([]);
      expect(JSON.stringify(sandbox.ledger.webhooks())).not.toContain(TOKEN);
    });
  });

  it('tells nobody who was not asked for', async () => {
    const { url, received } = await receiver();
    await withSandbox({ duration: { baseMs: 0, perPageMs: 0, jitter: 0 } }, async ({ sandbox, client }) => {
      register(sandbox, url);
      for (const webhook of [null, { mode: 'disabled' }]) await submit(client, webhook);
      await submit(client);
      await arrived(received);
      expect(received).toHaveLength(1);
    });
  });

  it('chooses endpoints by their channels', async () => {
    const { url, received } = await receiver();
    await withSandbox({ duration: { baseMs: 0, perPageMs: 0, jitter: 0 } }, async ({ sandbox, client }) => {
      register(sandbox, `${url}/all`);
      register(sandbox, `${url}/a`, { channels: ['a'] });
      register(sandbox, `${url}/b`, { channels: ['b', 'c'] });
      await submit(client, { mode: 'svix', channels: ['c'] });
      await arrived(received, 2);
      await submit(client, { mode: 'svix' });
      await arrived(received, 5);
      expect(received.map(({ path }) => path).sort()).toEqual(['/a', '/all', '/all', '/b', '/b']);
      // One event is one message, wherever it goes.
      expect(new Set(received.map(({ headers }) => headers['svix-id'])).size).toBe(2);
    });
  });

  it('without metadata, where that is switched on', async () => {
    const { url, received } = await receiver();
    const options = { reducto: { webhookMetadata: false }, duration: { baseMs: 0, perPageMs: 0, jitter: 0 } };
    await withSandbox(options, async ({ sandbox, client }) => {
      register(sandbox, url);
      const job_id = await submit(client);
      await arrived(received);
      expect(received[0]?.body).toEqual({ status: 'Completed', job_id });
    });
  });
});

describe('headers and secrets', () => {
  it.each([
    ['webhook', ['webhook']],
    ['both', ['svix', 'webhook']],
  ] as const)('family %s, signed with each secret', async (headers, families) => {
    const { url, received } = await receiver();
    await withSandbox({ duration: { baseMs: 0, perPageMs: 0, jitter: 0 } }, async ({ sandbox, client }) => {
      const other = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
      register(sandbox, url, { headers, secrets: [other, SECRET] });
      await submit(client);
      await arrived(received);
      const { headers: given, text } = received[0]!;
      for (const family of ['svix', 'webhook'] as const) {
        expect(`${family}-signature` in given).toBe((families as readonly string[]).includes(family));
      }
      for (const secret of [other, SECRET]) new Webhook(secret).verify(text, given as Record<string, string>);
    });
  });

  it('a secret is made for who gives none', async () => {
    await using sandbox = await createSandbox();
    const { secrets } = sandbox.webhooks.register({ provider: 'reducto', url: 'http://127.0.0.1:1/' });
    expect(secrets).toEqual([expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/)]);
  });
});

describe('Pulse', () => {
  const call = async (sandbox: Sandbox): Promise<string> => {
    const form = new FormData();
    form.set('file', new File([new Uint8Array(INVOICE_TEXT)], 'a.txt'));
    form.set('async', 'true');
    const { apiKey, baseUrl } = sandbox.pulse;
    const answer = await fetch(`${baseUrl}/extract`, { method: 'POST', headers: { 'x-api-key': apiKey }, body: form });
    return ((await answer.json()) as { job_id: string }).job_id;
  };

  it.each(['data', 'flat'] as const)('tells of each job of the organisation (%s)', async (webhookBody) => {
    const { url, received } = await receiver();
    const options = { pulse: { webhookBody }, duration: { baseMs: 0, perPageMs: 0, jitter: 0 } };
    await withSandbox(options, async ({ sandbox }) => {
      register(sandbox, url, { provider: 'pulse' });
      const job_id = await call(sandbox);
      await arrived(received, 2);
      const bodies = ['created', 'completed'].map((status) => {
        const [type, facts] = [`job.${status}`, { job_id, status }];
        return webhookBody === 'data' ? { type, data: facts } : { type, ...facts };
      });
      expect(received.map(({ body }) => body)).toEqual(bodies);
      expect(received[0]?.headers['webhook-id']).toMatch(/^msg_/);
      expect(received[0]?.headers['svix-id']).toBeUndefined();
    });
  });

  it('says nothing without an endpoint', async () => {
    await withSandbox({ duration: { baseMs: 0, perPageMs: 0, jitter: 0 } }, async ({ sandbox }) => {
      await call(sandbox);
      expect(sandbox.ledger.webhooks()).toEqual([]);
    });
  });
});
