import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createWebhookHealth } from '../../src/activities/webhook-health.js';
import { expect, RUNS } from '../support/properties.js';

const HOUR = 3_600_000;
const job = { provider: 'p', account: 'a', operation: 'parse', jobId: 'j' } as const;
const looks = fc.array(
  fc.record({
    webhook: fc.constantFrom('called', 'awaited', undefined),
    state: fc.constantFrom('completed', 'failed', 'cancelled', 'pending', 'lost', 'not_found'),
  }),
  { maxLength: 20 },
);

describe('whether webhooks are believed to come', () => {
  it('ends with three ended jobs in a row that had not called, until one calls', () => {
    const property = fc.property(looks, (list) => {
      const health = createWebhookHealth();
      const letters = list.map(({ webhook, state }) => {
        health.learn({ job, ...(webhook && { webhook }) }, { state }, 0);
        if (webhook === 'called') return 'c';
        return webhook === 'awaited' && ['completed', 'failed'].includes(state) ? 'm' : '';
      });
      const isDoubted = /m{3,}$/.test(letters.join(''));
      expect(health.mayTrust(job, 0)).to.equal(!isDoubted);
      expect(health.mayTrust({ ...job, account: 'b' }, 0)).to.equal(true);
      // One an hour, whatever was asked meanwhile.
      const asked = [1, HOUR - 1, HOUR, HOUR + 1, 2 * HOUR - 1, 2 * HOUR].map((at) => health.mayTrust(job, at));
      expect(asked).to.deep.equal(isDoubted ? [false, false, true, false, false, true] : asked.map(() => true));
    });
    fc.assert(property, RUNS);
  });

  it('is told as figures: what came of each call, and how long ago the last one came', () => {
    const health = createWebhookHealth();
    const learn = (webhook: 'called' | 'awaited', now: number) =>
      health.learn({ job, webhook }, { state: 'completed' }, now);
    expect(learn('awaited', 5)).to.deep.equal({ outcome: 'missed', ageMs: null });
    expect(learn('called', 10)).to.deep.equal({ outcome: 'called', ageMs: 0 });
    expect(learn('awaited', 70)).to.deep.equal({ outcome: 'missed', ageMs: 60 });
    expect(health.learn({ job }, { state: 'completed' }, 80)).to.equal(null);
  });
});
