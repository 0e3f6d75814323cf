import type { Context } from '@temporalio/activity';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { type Heart, startHeart } from '../../src/activities/heart.js';
import { bareActivity } from '../support/bare-activity.js';
import { expect, RUNS } from '../support/properties.js';

const LIMIT = 30_000;
const START = Date.parse('2026-11-24T10:00:00Z');

describe('isAliveFor', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  /** A heart whose process runs for a while, beats, runs on, and so forth; the last while has no beat after it. */
  function heartAfter(gaps: number[], heartbeatTimeoutMs: number): Heart {
    const context = { info: { heartbeatTimeoutMs }, heartbeat: () => undefined } as unknown as Context;
    vi.setSystemTime(START);
    const heart = startHeart(context, bareActivity().clock, () => ({}));
    gaps.forEach((gap, index) => {
      vi.setSystemTime(Date.now() + gap);
      if (index < gaps.length - 1) heart.beat();
    });
    heart.stop();
    return heart;
  }

  const gaps = fc.array(fc.oneof(fc.nat(20_000), fc.nat(60_000)), { minLength: 1, maxLength: 5 });

  it('is false for ever once Temporal may have given the attempt up', () => {
    fc.assert(
      fc.property(gaps, fc.nat(30_000), (run, ms) => {
        const isAlive = heartAfter(run, LIMIT).isAliveFor(ms);
        const [last = 0, ...earlier] = [...run].reverse();
        if (Math.max(...earlier, 0) >= LIMIT || last > LIMIT) expect(isAlive).toBe(false);
        // Until the next beat, which is due after 0.6 of the limit, nothing else keeps the attempt.
        if (isAlive) expect(last + Math.min(ms, LIMIT * 0.6)).toBeLessThanOrEqual(LIMIT);
      }),
      RUNS,
    );
  });

  it('is true of a process that beats in time, and of one that nobody counts the beats of', () => {
    const inTime = fc.array(fc.nat(LIMIT * 0.6), { maxLength: 4 });
    fc.assert(
      fc.property(inTime, gaps, fc.nat(30_000), (run, anyRun, ms) => {
        expect(heartAfter([...run, 0], LIMIT).isAliveFor(ms)).toBe(true);
        expect(heartAfter(anyRun, 0).isAliveFor(ms)).toBe(true);
      }),
      RUNS,
    );
  });
});
