import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWebhookHandler } from '../../src/webhooks/index.js';
import { ACCOUNTS, COMPLETED, newSecret, newToken, post, receiver, signed, TOKEN } from './sender.js';

afterEach(() => void vi.useRealTimers());

describe('secrets', () => {
  const [old, fresh] = [newSecret(), newSecret()];
  const accountsOf = (secrets: unknown) => ({ reducto: { provider: 'reducto', secrets } }) as never;

  it('two count while one is being changed', async () => {
    const { handle } = receiver({ accounts: accountsOf([fresh, old]) });
    for (const secret of [old, fresh]) expect((await handle(signed(COMPLETED, { secret }))).status).toBe(204);
  });

  it('of a function are asked for once a minute, however many requests come', async () => {
    vi.useFakeTimers();
    let current = old;
    const ask = vi.fn(async () => current);
    const { handle } = receiver({ accounts: accountsOf(ask) });
    const status = async (secret: string): Promise<number> => (await handle(signed(COMPLETED, { secret }))).status;
    expect(await status(old)).toBe(204);
    for (let junk = 0; junk < 50; junk += 1) await status(newSecret());
    expect(ask).toHaveBeenCalledTimes(1);
    current = fresh;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([await status(fresh), await status(old)]).toEqual([204, 401]);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it.each([
    [
      'throws',
      async () => {
        throw new Error('canary');
      },
    ],
    ['gives none', async () => []],
    ['gives what is none', async () => 'canary'],
  ])('of a function that %s: 503, asked again', async (_what, ask) => {
    const { handle, log } = receiver({ accounts: accountsOf(ask) });
    expect([(await handle(signed())).status, (await handle(signed())).status]).toEqual([503, 503]);
    expect(JSON.stringify(log)).not.toContain('canary');
    expect(log[0]).toEqual({ reason: 'no-secrets', status: 503, account: 'reducto', error: 'SecretsUnavailableError' });
  });

  it('of a function that does not answer: 503 after 3 s', async () => {
    vi.useFakeTimers();
    const { handle } = receiver({ accounts: accountsOf(() => new Promise(() => undefined)) });
    const answer = handle(signed());
    await vi.advanceTimersByTimeAsync(3_100);
    expect((await answer).status).toBe(503);
  });
});

describe('options', () => {
  const deliver = async (): Promise<void> => undefined;
  it.each<[string, unknown, RegExp]>([
    ['no client', { accounts: ACCOUNTS }, /client/],
    ['both', { accounts: ACCOUNTS, deliver, client: {} }, /client/],
    ['no accounts', { accounts: {}, deliver }, /accounts/],
    [
      'an unknown vendor',
      { accounts: { a: { provider: 'acme', secrets: newSecret() } }, deliver },
      /accounts\.a\.provider: expected one of pulse, reducto/,
    ],
    [
      'nothing that lets a sender in',
      { accounts: { a: { provider: 'reducto' } }, deliver },
      /accounts\.a: expected secrets or directToken/,
    ],
    [
      'a token for who signs',
      { accounts: { a: { provider: 'pulse', directToken: newToken() } }, deliver },
      /signs all/,
    ],
    [
      'a secret that is none',
      { accounts: { a: { provider: 'pulse', secrets: 'canary' } }, deliver },
      /accounts\.a\.secrets: expected a signing secret/,
    ],
    [
      'a token that can be guessed',
      { accounts: { a: { provider: 'reducto', directToken: 'canary' } }, deliver },
      /directToken: expected at least 32/,
    ],
    ['no secrets in a list', { accounts: { a: { provider: 'pulse', secrets: [] } }, deliver }, /secrets: expected/],
    ['a path that is none', { accounts: ACCOUNTS, deliver, path: 'webhooks' }, /path/],
    ['a cap that is none', { accounts: ACCOUNTS, deliver, maxBodyBytes: 0 }, /maxBodyBytes/],
  ])('%s', (_what, options, message) => {
    expect(() => createWebhookHandler(options as never)).toThrow(message);
    expect(() => createWebhookHandler(options as never)).toThrow(/^(?!.*canary)/);
  });

  it('a path of one’s own, with a slash at its end or without, or none', async () => {
    for (const path of ['/api/hooks', '/api/hooks/']) {
      const { handle } = receiver({ path });
      expect((await handle(signed(COMPLETED, {}, '/api/hooks/reducto'))).status).toBe(204);
    }
    expect((await receiver({ path: '' }).handle(signed(COMPLETED, {}, '/reducto'))).status).toBe(204);
  });

  it('a vendor of one’s own', async () => {
    const acme = {
      name: 'acme',
      direct: true,
      read: ({ id }: { id?: unknown }) => (id === undefined ? null : { jobId: id }),
    };
    const { handle, events } = receiver({ accounts: { mine: { provider: acme, directToken: TOKEN } } });
    await handle(post(`/webhooks/mine/${TOKEN}`, '{"id":"7"}'));
    expect(events).toEqual([{ provider: 'acme', account: 'mine', jobId: '7' }]);
  });
});
