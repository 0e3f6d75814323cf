import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { COMPLETED, receiver, SECRET, signed } from './sender.js';

// Some runtimes end what a request has begun when its sender goes away, or when another request would have had to go on with it: promises that
// never settle, with timers that never fire.

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = (): Promise<never> => new Promise(() => undefined);

/** A delivery that never ends until it is mended. */
function mortal(): { deliver: () => Promise<void>; mend: () => void; calls: () => number } {
  let isMended = false;
  let count = 0;
  return {
    deliver: () => ((count += 1), isMended ? Promise.resolve() : never()),
    mend: () => void (isMended = true),
    calls: () => count,
  };
}

it('an event whose delivery never ended is delivered when its sender comes again', async () => {
  const { deliver, mend, calls } = mortal();
  const { handle } = receiver({ deliver });
  const event = (): Request => signed(COMPLETED, { id: 'msg_1' });
  const first = handle(event());
  await vi.advanceTimersByTimeAsync(3_000);
  // One that comes meanwhile waits for it, and not for ever.
  const second = handle(event());
  await vi.advanceTimersByTimeAsync(6_000);
  expect([(await first).status, (await second).status, calls()]).toEqual([503, 503, 1]);
  mend();
  expect([(await handle(event())).status, calls()]).toEqual([204, 2]);
  expect([(await handle(event())).status, calls()]).toEqual([204, 2]);
});

it('deliveries that never end keep others out for half a minute, not for ever', async () => {
  const { deliver, mend } = mortal();
  const { handle, log } = receiver({ deliver });
  const burst = Promise.all(Array.from({ length: 70 }, () => handle(signed())));
  await vi.advanceTimersByTimeAsync(6_000);
  expect(new Set((await burst).map(({ status }) => status))).toEqual(new Set([503]));
  mend();
  const early = handle(signed());
  await vi.advanceTimersByTimeAsync(6_000);
  expect((await early).status).toBe(503);
  expect(log.at(-1)?.reason).toBe('busy');
  await vi.advanceTimersByTimeAsync(18_000);
  expect((await handle(signed())).status).toBe(204);
});

it('secrets that were asked for by such a request are asked for again', async () => {
  const secrets = vi.fn<() => Promise<string>>().mockImplementationOnce(never).mockResolvedValue(SECRET);
  const { handle, log } = receiver({ accounts: { reducto: { provider: 'reducto', secrets } } });
  const [first, second] = [handle(signed()), handle(signed())];
  await vi.advanceTimersByTimeAsync(3_000);
  expect([(await first).status, (await second).status]).toEqual([503, 503]);
  expect(log.map(({ reason }) => reason)).toEqual(['no-secrets', 'no-secrets']);
  expect((await handle(signed())).status).toBe(204);
});

it('whatever else a delivery answers, the event was taken', async () => {
  const { handle, log } = receiver({ deliver: (async () => ({ queued: true })) as never });
  expect((await handle(signed())).status).toBe(204);
  expect(log).toEqual([{ reason: 'taken', status: 204, account: 'reducto' }]);
});
