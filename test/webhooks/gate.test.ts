import { afterEach, describe, expect, it, vi } from 'vitest';
import { createGate, GateFullError } from '../../src/webhooks/gate.js';
import { onceEach } from '../../src/webhooks/once-each.js';

afterEach(() => void vi.useRealTimers());

describe('a gate', () => {
  it('lets so many in at once, in the order in which they came, and turns away who finds no place in line', async () => {
    const gate = createGate(2, 2, 60_000);
    const open: (() => void)[] = [];
    const entered: number[] = [];
    const visit = (who: number): Promise<number> =>
      gate.run(async () => {
        entered.push(who);
        await new Promise<void>((resolve) => open.push(resolve));
        return who;
      }, 60_000);
    const visits = [1, 2, 3, 4].map(visit);
    await expect(visit(5)).rejects.toThrow(GateFullError);
    expect(entered).toEqual([1, 2]);
    for (let next = 0; next < 4; next += 1) {
      await vi.waitFor(() => open[next]!());
    }
    expect(await Promise.all(visits)).toEqual([1, 2, 3, 4]);
    expect(entered).toEqual([1, 2, 3, 4]);
  });

  it('is left by who fails, and by who loses patience', async () => {
    vi.useFakeTimers();
    const gate = createGate(1, 5, 60_000);
    await expect(gate.run(() => Promise.reject(new Error('no')), 1)).rejects.toThrow('no');
    let leave = (): void => undefined;
    const inside = gate.run(() => new Promise<void>((resolve) => (leave = resolve)), 1);
    const impatient = expect(gate.run(async () => 'never', 1_000)).rejects.toThrow(GateFullError);
    await vi.advanceTimersByTimeAsync(1_000);
    await impatient;
    leave();
    await inside;
    expect(await gate.run(async () => 'next', 1_000)).toBe('next');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps a place no longer than it may be kept for work that never ends, and gives it to the first in line', async () => {
    vi.useFakeTimers();
    const gate = createGate(2, 5, 10_000);
    let end = (): void => undefined;
    void gate.run(() => new Promise(() => undefined), 1_000);
    const late = gate.run(() => new Promise<void>((resolve) => (end = resolve)), 1_000);
    await vi.advanceTimersByTimeAsync(9_000);
    const entered: string[] = [];
    const visit = (who: string): Promise<unknown> =>
      gate.run(async () => {
        entered.push(who);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }, 5_000);
    const visits = [visit('first')];
    await vi.advanceTimersByTimeAsync(1_000);
    expect(entered).toEqual([]);
    visits.push(visit('second'), visit('third'));
    await vi.advanceTimersByTimeAsync(0);
    expect(entered).toEqual(['first', 'second']);
    // Who ends after its place has gone to somebody else leaves nothing twice.
    end();
    await late;
    expect(entered).toEqual(['first', 'second']);
    await vi.advanceTimersByTimeAsync(200);
    await Promise.all(visits);
    expect(entered).toEqual(['first', 'second', 'third']);
  });
});

describe('once each', () => {
  it('remembers so many names and no more, so long and no longer', async () => {
    vi.useFakeTimers();
    const once = onceEach<number>(1_000, 3, 500);
    let runs = 0;
    const run = async (name: string): Promise<boolean> => (await once.do(name, async () => (runs += 1))).repeated;
    expect([await run('a'), await run('a'), await run('b'), await run('c'), await run('d')]).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
    // Over the number only when the next one comes: then the oldest goes.
    expect([await run('b'), await run('a')]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await run('b')).toBe(false);
    expect(runs).toBe(6);
  });

  it('does anew what has not ended in time, and keeps that', async () => {
    vi.useFakeTimers();
    const once = onceEach<string>(10_000, 3, 500);
    void once.do('a', () => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(499);
    let heard: string | undefined;
    void once.do('a', async () => 'too early').then(({ value }) => (heard = value));
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toBeUndefined();
    expect(await once.do('a', async () => 'anew')).toEqual({ value: 'anew', repeated: false });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await once.do('a', async () => 'again')).toEqual({ value: 'anew', repeated: true });
  });
});
