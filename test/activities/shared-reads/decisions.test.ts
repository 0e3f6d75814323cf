import { describe, expect, it } from 'vitest';
import { createCursorTrust } from '../../../src/activities/shared-reads/cursor-trust.js';
import { afterTrouble, HEALTHY } from '../../../src/activities/shared-reads/list-health.js';
import { createReadSlots } from '../../../src/activities/shared-reads/read-slots.js';
import { nextOf, type Due, type Wait } from '../../../src/activities/shared-reads/wait.js';
import { vendorError } from '../../support/fake-provider.js';

const SWEEPS = { on: true, patienceMs: 5_000 };
const NONE = { on: false, patienceMs: 5_000 };
const look = { kind: 'look' };
const close = { kind: 'close' };
const sleep = (until: number) => ({ kind: 'sleep', until });

describe('what a window does', () => {
  const due = (over: Partial<Due> = {}): Due => ({ dueAt: 3_000, restUntil: 900, closeAt: 60_000, ...over });
  const wait = (over: Partial<Wait> = {}): Wait =>
    ({ joinedAt: 0, listedAt: null, endedAt: null, misses: 0, alone: false, ...over }) as Wait;

  it.each<[string, Wait, Due, typeof SWEEPS, number, object]>([
    ['reads when it is due', wait(), due(), NONE, 3_000, look],
    ['sleeps until then', wait(), due(), NONE, 0, sleep(3_000)],
    ['waits for a sweep first', wait(), due({ dueAt: 0, restUntil: 0 }), SWEEPS, 0, sleep(5_000)],
    ['reads when none has said anything', wait(), due({ dueAt: 0 }), SWEEPS, 5_000, look],
    ['believes the last sweep', wait({ listedAt: 7_000 }), due(), SWEEPS, 8_000, sleep(12_000)],
    ['not for ever', wait({ listedAt: 7_000 }), due(), SWEEPS, 12_000, look],
    ['reads what a sweep has missed', wait({ listedAt: 2_500, misses: 1 }), due(), SWEEPS, 3_000, look],
    ['reads what has ended', wait({ endedAt: 1_000 }), due(), SWEEPS, 1_000, look],
    [
      'once the vendor has had its peace',
      wait({ endedAt: 1_000 }),
      due({ restUntil: 2_500 }),
      SWEEPS,
      1_000,
      sleep(2_500),
    ],
    [
      'reads by itself what the list was wrong about',
      wait({ alone: true, listedAt: 2_900 }),
      due(),
      SWEEPS,
      3_000,
      look,
    ],
    ['reads last at its end', wait(), due({ dueAt: 70_000 }), NONE, 60_000, look],
    ['sleeps until then, too', wait(), due({ dueAt: 70_000 }), NONE, 3_000, sleep(60_000)],
    ['unless that is too soon', wait(), due({ dueAt: 70_000, restUntil: 61_000 }), NONE, 60_000, close],
    ['unless a sweep has just told', wait({ listedAt: 58_000 }), due(), SWEEPS, 60_000, close],
    ['a sweep of long ago does not do', wait({ listedAt: 58_000 }), due({ dueAt: 70_000 }), NONE, 60_000, look],
  ])('%s', (_, given, when, sweeps, now, expected) => {
    expect(nextOf(given, when, sweeps, now)).toEqual(expected);
  });
});

describe('a list in trouble', () => {
  const rest = (error: Parameters<typeof afterTrouble>[1], served = false): number =>
    afterTrouble(HEALTHY, error, served, 1_000).restUntil - 1_000;

  it('is left alone for ten minutes when it is refused', () => {
    expect(rest(vendorError('rejected'))).toBe(600_000);
    expect(rest(vendorError('auth', { httpStatus: 403 }))).toBe(600_000);
  });

  it('is asked again soon for anything else', () => {
    expect(rest(vendorError('auth', { httpStatus: 401 }))).toBe(2_000);
    expect(rest(vendorError('server'))).toBe(2_000);
    expect(rest(vendorError('rejected'), true)).toBe(2_000);
    expect(rest(vendorError('rate_limited', { retryAfterMs: 30_000 }))).toBe(30_000);
  });

  it('is asked ever more seldom', () => {
    let health = HEALTHY;
    const rests = Array.from(
      { length: 8 },
      () => (health = afterTrouble(health, vendorError('server'), false, 0)).restUntil,
    );
    expect(rests).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });
});

describe('cursors of an earlier sweep', () => {
  it('are given up for ten minutes when they are refused', () => {
    const cursors = createCursorTrust();
    expect(cursors.mayUse(0)).toBe(true);
    cursors.refused(5_000);
    expect([cursors.mayUse(5_000), cursors.mayUse(604_999), cursors.mayUse(605_000)]).toEqual([false, false, true]);
  });

  it('are given up when what is behind them stands still', () => {
    const cursors = createCursorTrust();
    const sweepsOf = (ended: number): void => [1, 2, 3].forEach((at) => cursors.swept(false, ended, at));
    cursors.swept(true, 20, 0);
    sweepsOf(1);
    cursors.swept(true, 20, 31_000);
    expect(cursors.mayUse(31_000)).toBe(true);
    sweepsOf(0);
    cursors.swept(true, 4, 62_000);
    expect(cursors.mayUse(62_000)).toBe(true);
    sweepsOf(0);
    cursors.swept(true, 5, 93_000);
    expect(cursors.mayUse(93_000)).toBe(false);
  });

  it('are renewed from the top every half minute', () => {
    const cursors = createCursorTrust();
    expect(cursors.isTopDue(0)).toBe(true);
    cursors.swept(true, 0, 0);
    cursors.swept(false, 0, 20_000);
    expect([cursors.isTopDue(29_999), cursors.isTopDue(30_000)]).toEqual([false, true]);
  });
});

describe('slots of single reads', () => {
  it('are at once for a few, where nothing limits them', () => {
    const slots = createReadSlots();
    const pace = { waits: 20, gapMs: 1_000, readsPerSecond: Infinity };
    expect(Array.from({ length: 20 }, () => slots.take(7, pace))).toEqual(Array(20).fill(7));
  });

  it('of many that bunch are spread over half the time after which each reads again', () => {
    const slots = createReadSlots();
    const pace = { waits: 300, gapMs: 3_000, readsPerSecond: Infinity };
    const taken = Array.from({ length: 300 }, () => slots.take(0, pace));
    expect([taken[0], taken[150], taken[299]]).toEqual([0, 750, 1_495]);
    expect(slots.take(10_000, pace)).toBe(10_000);
  });

  it('are never more than nine tenths of what is allowed', () => {
    const slots = createReadSlots();
    const pace = { waits: 1, gapMs: 1_000, readsPerSecond: 10 };
    const taken = Array.from({ length: 10 }, () => slots.take(0, pace));
    expect(taken[9]).toBeCloseTo(1_000);
  });
});
