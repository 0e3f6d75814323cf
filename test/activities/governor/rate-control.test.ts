import { describe, expect, it } from 'vitest';
import { createRateControl } from '../../../src/activities/governor/rate-control.js';

const SECOND = 1_000;
const TRIP_MS = 80;

interface Seconds {
  /** Calls of each second that the vendor served, and that it answered by 429. */
  served: number[];
  refused: number[];
}

/** A vendor with a bucket of a second's calls, and a caller who always wants more. @param limitAt calls a second, by the second. */
function play(quota: number, limitAt: (second: number) => number, seconds: number): Seconds {
  const control = createRateControl(quota);
  const answers: { at: number; tookAt: number; ok: boolean }[] = [];
  const served = new Array<number>(seconds).fill(0);
  const refused = new Array<number>(seconds).fill(0);
  let tokens = limitAt(0);
  for (let now = 0; now < seconds * SECOND; now++) {
    const second = Math.floor(now / SECOND);
    tokens = Math.min(limitAt(second), tokens + limitAt(second) / SECOND);
    while (answers[0] !== undefined && answers[0].at <= now) {
      const { ok, tookAt } = answers.shift()!;
      if (ok) control.served(now);
      else control.refused(now, tookAt);
    }
    // A caller who is never content, but has only so many hands.
    while (answers.length < 500 && control.delay(now) === 0) {
      control.take(now);
      const ok = tokens >= 1;
      if (ok) tokens -= 1;
      (ok ? served : refused)[second]! += 1;
      answers.push({ at: now + TRIP_MS, tookAt: now, ok });
    }
  }
  return { served, refused };
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

describe('in steady state', () => {
  it.each([1, 7, 50, 200, 1_000])('no call of a quota of %d a second is refused, and it is used', (quota) => {
    const { served, refused } = play(quota, () => quota, 30);
    expect(sum(refused)).toBe(0);
    expect(sum(served) / 30).toBeGreaterThanOrEqual(0.9 * quota);
  });
});

describe('a quota that is cut to a tenth in mid-run, and given back', () => {
  const CUT = [10, 70] as const;
  const { served, refused } = play(200, (second) => (second >= CUT[0] && second < CUT[1] ? 20 : 200), 150);

  it('is met within three seconds', () => {
    expect(sum(refused.slice(0, CUT[0]))).toBe(0);
    expect(sum(refused.slice(CUT[0], CUT[0] + 3))).toBeLessThanOrEqual(400);
    expect(sum(refused.slice(CUT[0] + 3, CUT[0] + 6))).toBeLessThanOrEqual(4);
  });

  it('is used at its new height, with a refusal now and then', () => {
    const after = [CUT[0] + 3, CUT[1]] as const;
    expect(sum(served.slice(...after)) / (after[1] - after[0])).toBeGreaterThanOrEqual(0.8 * 20);
    expect(sum(refused.slice(...after)) / sum(served.slice(...after))).toBeLessThanOrEqual(0.05);
  });

  it('is used in full within 45 seconds of its return, without refusals', () => {
    expect(sum(served.slice(CUT[1] + 45, CUT[1] + 60)) / 15).toBeGreaterThanOrEqual(0.9 * 200);
    expect(sum(refused.slice(CUT[1] + 1))).toBe(0);
  });
});

describe('where no quota is known', () => {
  it('nothing waits until the vendor refuses', () => {
    const control = createRateControl(Infinity);
    for (let call = 0; call < 10_000; call++) control.take(0);
    expect(control.delay(0)).toBe(0);
    expect(control.rate(0)).toBe(Infinity);
  });

  it('the limit is found, kept, and forgotten when it is gone', () => {
    const { served, refused } = play(Infinity, (second) => (second < 60 ? 30 : 5_000), 120);
    expect(sum(refused.slice(5, 60)) / sum(served.slice(5, 60))).toBeLessThanOrEqual(0.05);
    expect(sum(served.slice(5, 60)) / 55).toBeGreaterThanOrEqual(0.8 * 30);
    expect(sum(served.slice(105, 120)) / 15).toBeGreaterThanOrEqual(1_000);
  });
});

it('a Retry-After that so few calls can’t have caused is left to whoever got it', () => {
  const control = createRateControl(200);
  control.take(1_000);
  control.take(1_010);
  control.refused(1_100, 1_010, 20_000);
  expect(control.delay(1_100)).toBeLessThan(2_000);
});

it('a burst of refusals is one', () => {
  const control = createRateControl(200);
  for (let at = 0; at < 1_000; at += 5) {
    control.take(at);
    control.served(at);
  }
  for (let call = 0; call < 100; call++) control.refused(1_000 + call, 995);
  expect(control.rate(1_100)).toBeCloseTo(190 * 0.7);
});

it('follows a share of the quota that changes', () => {
  const control = createRateControl(100);
  control.setQuota(25, 0);
  expect(control.rate(0)).toBeCloseTo(25 * 0.95);
  control.setQuota(100, 1_000);
  expect(control.rate(1_000)).toBeCloseTo(95);
});
