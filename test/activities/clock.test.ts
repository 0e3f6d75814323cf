import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/activities/clock.js';

const never = new AbortController().signal;

describe('createClock', () => {
  it.each([
    ['real time', {}],
    ['a sleep that ignores aborts', { sleep: () => new Promise<void>(() => undefined) }],
  ])('a sleep in %s ends with the abort, with its own reason', async (_name, options) => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const slept = createClock(options).sleep(3_600_000, controller.signal);
    controller.abort(reason);
    await expect(slept).rejects.toBe(reason);
  });

  it('a sleep does not begin after the abort', async () => {
    let begun = false;
    const clock = createClock({ sleep: async () => void (begun = true) });
    await expect(clock.sleep(1, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect(begun).toBe(false);
  });

  it('measures by the clock that its sleep advances, else by one that never jumps', async () => {
    let ms = 1_000;
    const now = (): number => ms;
    const tied = createClock({ now, sleep: async (slept) => void (ms += slept) });
    const before = await tied.elapsed();
    await tied.sleep(500, never);
    expect((await tied.elapsed()) - before).toBe(500);
    expect(await tied.now()).toBe(1_500);
    const jumping = createClock({ now });
    const earlier = await jumping.elapsed();
    ms += 1_000_000;
    expect((await jumping.elapsed()) - earlier).toBeLessThan(100_000);
  });
});
