import { describe, expect, it } from 'vitest';
import type { EventAct, Sandbox, SandboxOptions } from '../../../src/sandbox/index.js';
import { parseFaults } from '../../../src/sandbox/index.js';
import { type WebhookLogEntry } from '../../../src/webhooks/index.js';
import { waitUntil } from '../../support/wait-until.js';
import { INVOICE_TEXT, withSandbox } from '../client.js';
import { arrived, ownReceiver, QUICK, register, settled, SIGNED, submit, TOKEN } from './stand.js';

describe('faults', () => {
  const direct = (url: string) => ({ mode: 'direct', url: `${url}/webhooks/reducto/${TOKEN}` });
  /** Runs `jobs` jobs with a fault, against our own receiver. */
  async function run(
    event: EventAct,
    { mode = 'signed', jobs = 1, options = QUICK }: { mode?: string; jobs?: number; options?: SandboxOptions } = {},
  ) {
    const own = await ownReceiver();
    const ids: string[] = [];
    let book: ReturnType<Sandbox['ledger']['webhooks']> = [];
    await withSandbox({ ...options, faults: [{ event }] }, async ({ sandbox, client, clock }) => {
      register(sandbox, `${own.url}/webhooks/reducto`);
      for (let job = 0; job < jobs; job += 1)
        ids.push(await submit(client, mode === 'signed' ? SIGNED : direct(own.url)));
      clock.advance(10_001);
      await waitUntil(() => sandbox.ledger.webhooks().length >= jobs, 'all are sent', 6_000);
      await settled(sandbox);
      book = sandbox.ledger.webhooks();
    });
    return { ...own, ids, book };
  }
  const reasons = (log: WebhookLogEntry[]): string[] => log.map(({ reason }) => reason);

  it('early: before the submit is answered, and the job has ended', async () => {
    const own = await ownReceiver();
    await withSandbox({ faults: [{ event: 'early' }] }, async ({ sandbox, client }) => {
      register(sandbox, `${own.url}/webhooks/reducto`);
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      let known = -1;
      const jobId = await client
        .submit('parse', { input, async: { webhook: SIGNED } })
        .finally(() => (known = own.events.length));
      expect(known).toBe(1);
      expect(own.events).toMatchObject([{ jobId }]);
      expect((await client.job(jobId)).status).toBe('Completed');
    });
  });

  it('late', async () => {
    const own = await ownReceiver();
    await withSandbox({ faults: [{ event: { lateMs: 300 } }] }, async ({ sandbox, client, clock }) => {
      register(sandbox, `${own.url}/webhooks/reducto`);
      await submit(client);
      clock.advance(10_001);
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(own.events).toEqual([]);
      await arrived(own.events);
    });
  });

  it('doubled, or 1,000 of one message at once', async () => {
    for (const copies of [2, 1_000]) {
      const { events, log, book } = await run({ copies });
      expect([events.length, log.length, book.length]).toEqual([1, copies, copies]);
      expect(new Set(reasons(log))).toEqual(new Set(['taken', 'repeated']));
      expect(new Set(book.map(({ eventId, state }) => `${eventId} ${state}`)).size).toBe(1);
    }
  });

  it('reordered', async () => {
    const { events, ids } = await run({ reversed: 3 }, { jobs: 3 });
    expect(events.map(({ jobId }) => jobId)).toEqual([...ids].reverse());
  });

  it('1,000 jobs’ events at once', async () => {
    const { events, ids, book } = await run({ together: 1_000 }, { jobs: 1_000, options: {} });
    expect(events.map(({ jobId }) => jobId).sort()).toEqual([...ids].sort());
    const times = book.map(({ attempts }) => attempts[0]!.at);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(1_000);
  }, 60_000);

  it('of too few together, after 5 s', async () => {
    expect((await run({ together: 3 }, { jobs: 2 })).events).toHaveLength(2);
  });

  it('lost', async () => {
    const { log, book } = await run('lost');
    expect([log, book[0]?.state, book[0]?.attempts]).toEqual([[], 'lost', []]);
  });

  it.each([
    ['forged', 'signed', ['bad-signature']],
    ['forged', 'direct', ['wrong-token']],
    ['wrong-secret', 'signed', Array(3).fill('bad-signature')],
    ['wrong-secret', 'direct', Array(3).fill('wrong-token')],
    ['old-timestamp', 'signed', Array(3).fill('old-timestamp')],
  ] as const)('%s, %s: refused', async (event, mode, expected) => {
    const { events, log, book } = await run(event, { mode });
    expect([events, reasons(log)]).toEqual([[], expected]);
    expect(book).toMatchObject([{ state: 'given-up' }]);
  });

  it('of the second job only', async () => {
    const own = await ownReceiver();
    await withSandbox({ faults: [{ event: 'lost', nth: 2 }] }, async ({ sandbox, client, clock }) => {
      register(sandbox, `${own.url}/webhooks/reducto`);
      const ids = [await submit(client), await submit(client), await submit(client)];
      clock.advance(10_001);
      await arrived(own.events, 2);
      expect(own.events.map(({ jobId }) => jobId).sort()).toEqual([ids[0], ids[2]].sort());
    });
  });

  it.each([
    [{ event: 'sometimes' }, /^faults\[0\]\.event: /],
    [{ event: { copies: 1 } }, /^faults\[0\]\.event\.copies: /],
    [{ event: { lateMs: 1, copies: 2 } }, /^faults\[0\]\.event: /],
    [{ event: 'lost', call: 1 }, /^faults\[0\]: /],
  ])('%j is told to be wrong', (rule, message) => expect(() => parseFaults([rule])).toThrow(message));
});
