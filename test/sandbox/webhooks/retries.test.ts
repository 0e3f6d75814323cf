import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../../src/sandbox/index.js';
import { DIRECT_SCHEDULE, SIGNED_SCHEDULE } from '../../../src/sandbox/webhooks/schedule.js';
import { createSendGuard } from '../../../src/sandbox/webhooks/send-guard.js';
import { freePorts } from '../../../src/local/free-ports.js';
import { waitUntil } from '../../support/wait-until.js';
import { clientOf, withSandbox } from '../client.js';
import { arrived, QUICK, receiver, register, SECRET, settled, submit, TOKEN } from './stand.js';

describe('retries', () => {
  it('follow the vendors’ schedules', () => {
    expect(SIGNED_SCHEDULE).toEqual([0, 5e3, 3e5, 18e5, 72e5, 18e6, 36e6, 36e6]);
    expect(DIRECT_SCHEDULE).toHaveLength(4);
  });

  it('are the schedule divided by the speed, the id the same and the timestamp fresh', async () => {
    const { url, received } = await receiver((nth) => [500, 302, 204][nth] ?? 204);
    await using sandbox = await createSandbox({ speed: 5_000 });
    register(sandbox, url);
    await submit(clientOf(sandbox));
    await arrived(received, 3);
    await settled(sandbox);
    expect(sandbox.ledger.webhooks()).toMatchObject([
      { state: 'delivered', attempts: [{ status: 500 }, { status: 302 }, { status: 204 }] },
    ]);
    expect(new Set(received.map(({ headers }) => headers['svix-id'])).size).toBe(1);
    // 5 min / 5,000 = 60 ms.
    expect(received[2]!.at - received[1]!.at).toBeGreaterThan(50);
    for (const { text, headers } of received) new SvixWebhook(SECRET).verify(text, headers as Record<string, string>);
  });

  it('end', async () => {
    const { url, received } = await receiver(() => 503);
    await withSandbox({ ...QUICK, duration: { baseMs: 0, perPageMs: 0, jitter: 0 } }, async ({ sandbox, client }) => {
      register(sandbox, url);
      await submit(client);
      await settled(sandbox);
      expect(sandbox.ledger.webhooks()).toMatchObject([
        { state: 'given-up', attempts: Array(3).fill({ status: 503 }) },
      ]);
      expect(received).toHaveLength(3);
    });
  });

  it('go on while nobody listens', async () => {
    const url = `http://127.0.0.1:${(await freePorts(1))[0]}`;
    await withSandbox({ ...QUICK, duration: { baseMs: 0, perPageMs: 0, jitter: 0 } }, async ({ sandbox, client }) => {
      register(sandbox, url);
      await submit(client);
      await settled(sandbox);
      expect(sandbox.ledger.webhooks()).toMatchObject([
        { state: 'given-up', attempts: Array(3).fill({ status: null }) },
      ]);
    });
  });
});

describe('by hand', () => {
  it('an event is sent before its time, and once more', async () => {
    const { url, received } = await receiver();
    await withSandbox({}, async ({ sandbox, client }) => {
      register(sandbox, url);
      const jobId = await submit(client);
      await sandbox.webhooks.send(jobId, 'Completed');
      await sandbox.webhooks.send(jobId, 'Failed');
      expect(received.map(({ body }) => body.status)).toEqual(['Completed', 'Failed']);
      expect((await client.job(jobId)).status).toBe('Pending');
      await expect(sandbox.webhooks.send('nobody')).rejects.toThrow('nobody');
    });
  });

  it('endpoints are registered, listed and removed from another process', async () => {
    await using sandbox = await createSandbox();
    const at = `${sandbox.url}/_sandbox/webhooks`;
    const post = (body: unknown) => fetch(at, { method: 'POST', body: JSON.stringify(body) });
    const made = await post({ provider: 'pulse', url: 'http://127.0.0.1:1/x' });
    const { id, secrets } = (await made.json()) as { id: string; secrets: string[] };
    expect([made.status, secrets.length]).toEqual([201, 1]);
    expect(await (await fetch(at)).json()).toMatchObject([{ id, provider: 'pulse' }]);
    expect((await fetch(`${at}/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${at}/${id}`, { method: 'DELETE' })).status).toBe(404);
    const wrong = await post({ provider: 'reducto', url: 'https://example.com/' });
    expect([wrong.status, await wrong.text()]).toEqual([
      400,
      expect.stringContaining('events are not sent to example.com'),
    ]);
    expect((await post({ provider: 'acme', url: 'http://127.0.0.1:1/x' })).status).toBe(400);
  });
});

describe('nothing is sent', () => {
  it.each([
    ['http://127.0.0.1:8/x', true, [], true],
    ['http://localhost:8/x', true, [], true],
    ['http://[::1]:8/x', true, [], true],
    ['http://127.0.0.1:8/x', false, [], false],
    ['http://localhost/x', false, ['localhost'], true],
    ['http://10.0.0.7/x', true, [], false],
    ['http://worker:8080/x', true, [], false],
    ['http://worker:8080/x', false, ['worker'], true],
    ['https://example.com/x', true, [], false],
    ['http://169.254.169.254/x', true, [], false],
    ['http://u:p@127.0.0.1/x', true, [], false],
    ['ftp://127.0.0.1/x', true, [], false],
    ['nonsense', true, [], false],
  ])('to %s, on loopback %s, hosts %j: allowed %s', (url, loopback, hosts, allowed) => {
    expect(createSendGuard(loopback, hosts).refusal(url) === null).toBe(allowed);
  });

  it('to another host that a submit names, and the ledger says that it was given up', async () => {
    await withSandbox({ duration: { baseMs: 0, perPageMs: 0, jitter: 0 } }, async ({ sandbox, client }) => {
      await submit(client, { mode: 'direct', url: `https://hooks.example.com/${TOKEN}` });
      await waitUntil(() => sandbox.ledger.webhooks().length === 1, 'it is in the ledger', 5_000);
      await settled(sandbox);
      expect(sandbox.ledger.webhooks()).toMatchObject([
        { to: 'https://hooks.example.com', state: 'given-up', attempts: [] },
      ]);
    });
  });
});
