import { describe, expect, it } from 'vitest';
import { type GovernedAccount, governedAccount, NO_QUOTA } from '../../support/governed-account.js';

const SECOND = 1_000;

/** So many calls of different activities fail, one after the other. */
async function failing({ governor, pace }: GovernedAccount, calls: number, gapMs = 400): Promise<void> {
  for (let call = 0; call < calls; call++) {
    const end = await governor.begin('read', `caller ${call % 4}`);
    await end('failed');
    await pace.pass(gapMs);
  }
}

describe('a vendor that does not answer', () => {
  it('is left alone after 8 failures of several activities; a single one is not held up by its own', async () => {
    const tried = governedAccount(NO_QUOTA);
    for (let call = 0; call < 50; call++) {
      const end = await tried.governor.begin('read', 'the same');
      await end('failed');
      await tried.pace.pass(SECOND);
    }
    expect(tried.outages).toEqual([]);
    await failing(tried, 2);
    expect(tried.outages).toEqual([true]);
    expect(tried.governor.downSince()).not.toBeNull();
  });

  it.each(['answered', 'limited'] as const)('a call that is %s in between says that it is there', async (outcome) => {
    const tried = governedAccount(NO_QUOTA);
    for (let round = 0; round < 5; round++) {
      await failing(tried, 7);
      await (
        await tried.governor.begin('read', '')
      )(outcome, 0);
    }
    expect(tried.outages).toEqual([]);
  });

  it('failures of one moment are one failure', async () => {
    const tried = governedAccount(NO_QUOTA);
    await failing(tried, 100, 0);
    expect(tried.outages).toEqual([]);
  });

  it('storage that fails is not the vendor', async () => {
    const tried = governedAccount(NO_QUOTA);
    for (let call = 0; call < 20; call++) {
      await (
        await tried.governor.begin('fetch', `${call}`)
      )('failed');
      await tried.pace.pass(SECOND);
    }
    expect(tried.outages).toEqual([]);
  });

  it('is tried by one call at a time, ever more rarely, until one is answered; then the rest goes on, not all at once', async () => {
    const tried = governedAccount(NO_QUOTA);
    await failing(tried, 8);
    expect(tried.outages).toEqual([true]);
    for (let nth = 0; nth < 500; nth++) void tried.ask(`${nth}`);
    void tried.ask('impatient', { atOutage: 'leave' });
    await tried.pace.pass(0);
    expect(tried.away.has('impatient')).toBe(true);
    for (let probe = 1; probe <= 7; probe++) {
      // The pause doubles up to half a minute, and varies.
      await tried.pace.pass(1.15 * Math.min(SECOND * 2 ** (probe - 1), 30 * SECOND));
      expect(tried.turns.length).toBe(probe);
      await (
        await tried.governor.begin('read', 'x')
      )('failed');
    }
    await tried.pace.pass(34 * SECOND);
    expect(tried.turns.length).toBe(8);
    await (
      await tried.governor.begin('read', 'x')
    )('answered');
    expect(tried.outages).toEqual([true, false]);
    await tried.pace.pass(SECOND);
    expect(tried.turns.length).toBeLessThanOrEqual(8 + 20);
    expect(tried.turns.length).toBeGreaterThanOrEqual(8 + 8);
    await tried.pace.pass(6 * SECOND);
    expect(tried.turns.length).toBe(500);
  });

  it('a cancel may try it although the next try is far away, but no two of them in a second', async () => {
    const tried = governedAccount(NO_QUOTA);
    await failing(tried, 8);
    for (let probe = 0; probe < 6; probe++) {
      await tried.pace.pass(40 * SECOND);
      await tried.governor.admit('read', { signal: new AbortController().signal });
      await (
        await tried.governor.begin('read', 'x')
      )('failed');
    }
    await tried.pace.pass(2 * SECOND);
    tried.turns.length = 0;
    const cancel = (name: string) => tried.ask(name, { budget: 'other', urgent: true, atOutage: 'leave' });
    await cancel('first');
    await cancel('second');
    await tried.ask('read', { atOutage: 'leave' });
    expect(tried.turns.map(({ name }) => name)).toEqual(['first']);
    expect([...tried.away.keys()]).toEqual(['second', 'read']);
  });

  it('a try whose caller was broken off is made again', async () => {
    const tried = governedAccount(NO_QUOTA);
    await failing(tried, 8);
    void tried.ask('one');
    void tried.ask('two');
    await tried.pace.pass(2 * SECOND);
    expect(tried.turns.length).toBe(1);
    await (
      await tried.governor.begin('read', 'x')
    )('unsure');
    await tried.pace.pass(2 * SECOND);
    expect(tried.turns.length).toBe(2);
  });

  it('submits never try it: it is asked at no cost, beside them', async () => {
    const answers: ('failed' | 'answered')[] = ['failed', 'answered'];
    let asked = 0;
    const tried = governedAccount(NO_QUOTA, { probe: async () => answers[asked++] ?? 'answered' });
    await failing(tried, 8);
    const submit = () => tried.ask(`${asked}`, { budget: 'submit', patienceMs: 8 * SECOND, atOutage: 'leave' });
    void submit();
    await tried.pace.pass(1_200);
    void submit();
    await tried.pace.pass(100);
    expect([asked, tried.turns.length]).toEqual([1, 0]);
    await tried.pace.pass(2_500);
    void submit();
    await tried.pace.pass(100);
    expect(asked).toBe(2);
    expect(tried.outages).toEqual([true, false]);
    void submit();
    await tried.pace.pass(100);
    expect(tried.turns.length).toBe(1);
  });
});
