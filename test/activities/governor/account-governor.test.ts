import { describe, expect, it } from 'vitest';
import { governedAccount, reads } from '../../support/governed-account.js';

const SECOND = 1_000;

describe('turns', () => {
  it('come at once while there is room, then at the quota’s pace, in the order of asking', async () => {
    const tried = governedAccount(reads(20));
    for (let nth = 0; nth < 40; nth++) void tried.ask(`${nth}`);
    await tried.pace.pass(0);
    expect(tried.turns.map(({ name }) => name)).toEqual(['0']);
    await tried.pace.pass(1 * SECOND);
    expect(tried.turns.length).toBeGreaterThanOrEqual(18);
    expect(tried.turns.length).toBeLessThanOrEqual(20);
    await tried.pace.pass(2 * SECOND);
    expect(tried.turns.map(({ name }) => name)).toEqual(Array.from({ length: 40 }, (_, nth) => `${nth}`));
  });

  it('go to the urgent first', async () => {
    const tried = governedAccount(reads(10));
    for (const name of ['a', 'b', 'c']) void tried.ask(name);
    await tried.pace.pass(0);
    for (const name of ['u', 'v']) void tried.ask(name, { urgent: true });
    await tried.pace.pass(1 * SECOND);
    expect(tried.turns.map(({ name }) => name)).toEqual(['a', 'u', 'v', 'b', 'c']);
  });

  it('are given up by whoever is cancelled, at once and for its own reason', async () => {
    const tried = governedAccount(reads(1));
    const controller = new AbortController();
    void tried.ask('first');
    const second = tried.ask('second', { signal: controller.signal });
    void tried.ask('third');
    await tried.pace.pass(100);
    controller.abort(new Error('cancelled'));
    await expect(second).rejects.toThrow('cancelled');
    await expect(tried.ask('late', { signal: controller.signal })).rejects.toThrow('cancelled');
    await tried.pace.pass(1_100);
    expect(tried.turns.map(({ name }) => name)).toEqual(['first', 'third']);
  });

  it('that would not come in time are not waited for, and those that do not are not waited for longer', async () => {
    const tried = governedAccount(reads(10));
    for (let nth = 0; nth < 30; nth++) void tried.ask(`${nth}`, { patienceMs: 2 * SECOND });
    await tried.pace.pass(0);
    expect(tried.away.size).toBeGreaterThanOrEqual(9);
    for (const wait of tried.away.values()) expect(wait).toBeGreaterThanOrEqual(2 * SECOND);
    await tried.pace.pass(2 * SECOND + 10);
    expect(tried.turns.length + tried.away.size).toBe(30);
  });

  it('leave no timer behind when nobody waits', async () => {
    const tried = governedAccount(reads(1));
    const controller = new AbortController();
    void tried.ask('first');
    const second = tried.ask('second', { signal: controller.signal }).catch(() => undefined);
    await tried.pace.pass(0);
    expect(tried.pace.sleepers).toBe(1);
    controller.abort();
    await second;
    await tried.pace.pass(0);
    expect(tried.pace.sleepers).toBe(0);
  });

  it('are not slower with ten thousand in line, and one timer serves all', async () => {
    const tried = governedAccount(reads(2_000));
    const began = performance.now();
    for (let nth = 0; nth < 10_000; nth++)
      void tried.ask(`${nth}`, { patienceMs: 60 * SECOND, urgent: nth % 10 === 0 });
    await tried.pace.pass(0);
    expect(tried.pace.sleepers).toBe(1);
    await tried.pace.pass(6 * SECOND);
    expect(tried.turns.length).toBe(10_000);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('budgets', () => {
  it('share all requests evenly while both want more, and one gets what the other leaves', async () => {
    const tried = governedAccount({ requestsPerSecond: 100, readsPerSecond: null });
    for (let nth = 0; nth < 1_000; nth++) void tried.ask('read');
    await tried.pace.pass(1 * SECOND);
    expect(tried.turns.length).toBeGreaterThanOrEqual(90);
    tried.turns.length = 0;
    for (let nth = 0; nth < 1_000; nth++) void tried.ask('submit', { budget: 'submit' });
    await tried.pace.pass(4 * SECOND);
    const submits = tried.turns.filter(({ name }) => name === 'submit').length;
    expect(submits / tried.turns.length).toBeGreaterThan(0.45);
    expect(submits / tried.turns.length).toBeLessThan(0.55);
    expect(tried.turns.length / 4).toBeLessThanOrEqual(100);
  });

  it('do not wait for each other’s refusals', async () => {
    const tried = governedAccount(reads(100));
    for (const name of ['a', 'b']) void tried.ask(name);
    await tried.pace.pass(0);
    tried.turns.length = 0;
    const end = await tried.governor.begin('read', '');
    await end('limited', 60 * SECOND);
    void tried.ask('read', { patienceMs: 10 * SECOND });
    void tried.ask('submit', { budget: 'submit' });
    void tried.ask('cancel', { budget: 'other' });
    await tried.pace.pass(0);
    expect(tried.turns.map(({ name }) => name)).toEqual(['submit', 'cancel']);
    expect(tried.away.get('read')).toBeGreaterThanOrEqual(60 * SECOND);
  });

  it('are a worker’s share of the fleet’s', async () => {
    let size = 1;
    const tried = governedAccount(reads(200), { fleetSize: () => size });
    void tried.ask('one');
    await tried.pace.pass(0);
    expect(tried.governor.rate('read')).toBeCloseTo(190);
    size = 4;
    void tried.ask('two');
    await tried.pace.pass(0);
    expect(tried.governor.rate('read')).toBeCloseTo(47.5);
    expect(tried.governor.rate('list')).toBe(Infinity);
  });
});
