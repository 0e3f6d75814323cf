import { expect, inject, it } from 'vitest';
import { measureCost } from '../../bench/cost-scenario.js';
import { createDevServerEnv } from '../support/temporal.js';

const SECOND = 1_000;

it('45 s of real time on a dev server, heartbeats counted on the wire: ≤ 25 events, ≤ 10 actions', async () => {
  const real = await createDevServerEnv();
  try {
    const cost = await measureCost(real, inject('bundlePath'), {
      workflow: 'parseOnly',
      jobMs: 45 * SECOND,
      expectedMs: 45 * SECOND,
      realTime: true,
    });
    expect(cost.events).toBeLessThanOrEqual(25);
    expect(cost.actions + cost.heartbeats).toBeLessThanOrEqual(10);
  } finally {
    await real.teardown();
  }
}, 90_000);
