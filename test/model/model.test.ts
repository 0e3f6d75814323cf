import { describe, expect, it } from 'vitest';
import { campaign } from './campaign.js';
import { asTest } from './print.js';
import { sharedStage } from './replay.js';

/** The same schedules in every run, so that no run fails by chance; more of them: `npm run model`. */
const SEED = 20_261_124;

describe('documents under random schedules', { timeout: 180_000 }, () => {
  it('keep the guarantees', async () => {
    const { broken, endings, events, compared } = await campaign({ runs: 40, seed: SEED, stage: await sharedStage() });
    expect(broken.map(asTest).join('\n\n')).toBe('');
    // Schedules under which little happens would prove little.
    expect(endings.size).toBeGreaterThanOrEqual(5);
    expect(events.size).toBeGreaterThanOrEqual(20);
    expect(compared).toBeGreaterThanOrEqual(10);
  });

  it('break them when no lost job is ever found; the simplest such schedule is printed as a test', async () => {
    const { broken } = await campaign({
      // Enough for the first that breaks, which is the one that is shrunk.
      runs: 12,
      seed: SEED,
      stage: await sharedStage(),
      sabotage: (provider) => ({ ...provider, ...(provider.findJob && { findJob: async () => null }) }),
      shrinks: 1,
    });
    expect(broken).not.toEqual([]);
    const { schedule, violations } = broken[0]!;
    expect(violations.join()).toMatch(/G1/);
    expect(schedule).toMatchObject({ vendor: 'reducto', options: {}, vendorHas: {} });
    expect(schedule.events).toHaveLength(1);
    expect(asTest(broken[0]!)).toMatch(/^it\('G1: .*', async \(\) => {\n(?: {2}\/\/ .*\n)+ {2}await replay\({\n/);
  });
});
