import fc from 'fast-check';
import { afterEach, describe, it, vi } from 'vitest';
import type { Heart } from '../../src/activities/heart.js';
import { checkMayPost } from '../../src/activities/may-post.js';
import { bareActivity } from '../support/bare-activity.js';
import { fakeProvider } from '../support/fake-provider.js';
import { expect, RUNS } from '../support/properties.js';

const about = { provider: 'fake', account: 'fake', operation: 'parse' as const };

afterEach(() => void vi.restoreAllMocks());

describe('checkMayPost', () => {
  const activity = bareActivity();
  const provider = fakeProvider();
  const mayPost = (startedAt: number, heart: Heart, submitTimeoutMs: number): boolean => {
    try {
      checkMayPost({ context: activity.context, heart, about, startedAt }, { ...provider, submitTimeoutMs });
      return true;
    } catch (error) {
      // Told as what passes: the next attempt looks for the job first.
      expect(error).toMatchObject({ nonRetryable: false, type: 'DocumentVendorTrouble' });
      return false;
    }
  };

  it('lets a POST begin that must end before its attempt and its last heartbeat’s time do, and no other', () => {
    const now = vi.spyOn(performance, 'now');
    const limits = fc.record({ limitMs: fc.nat(120_000), postMs: fc.nat(30_000), spentMs: fc.nat(150_000) });
    fc.assert(
      fc.property(limits, fc.nat(60_000), ({ limitMs, postMs, spentMs }, aliveMs) => {
        activity.restart({ startToCloseTimeoutMs: limitMs });
        now.mockReturnValue(1_000 + spentMs);
        const heart = { ...activity.heart, isAliveFor: (ms: number) => ms <= aliveMs };
        const sparedMs = Math.min(limitMs - spentMs, aliveMs) - postMs;
        if (mayPost(1_000, heart, postMs)) expect(sparedMs).toBeGreaterThanOrEqual(0);
        else expect(sparedMs).toBeLessThanOrEqual(0);
      }),
      RUNS,
    );
  });
});
