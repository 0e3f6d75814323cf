import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createWebhookHealth } from '../../src/activities/webhook-health.js';
import { expect, RUNS } from '../support/properties.js';

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
        health.learn({ job, ...(webhook && { webhook }) }, { state });
        if (webhook === 'called') return 'c';
        return webhook === 'awaited' && ['completed', 'failed', 'cancelled'].includes(state) ? 'm' : '';
      });
      expect(health.areBelieved(job)).to.equal(!/m{3,}$/.test(letters.join('')));
      expect(health.areBelieved({ ...job, account: 'b' })).to.equal(true);
    });
    fc.assert(property, RUNS);
  });
});
