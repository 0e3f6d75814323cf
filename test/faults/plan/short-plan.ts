import { VENDOR_NAMES } from '../../../src/sandbox/index.js';
import { makePlan, RUNS_PER_POINT } from './make-plan.js';
import { POINTS } from './points.js';
import type { Run } from './run.js';

/**
 * A few runs of each crash point, few enough kinds of strikes for two minutes: one crash everywhere, at each vendor, and two in one run where
 * the worker is killed. Left out is the single read, whose next reader waits for minutes. Points with webhooks have workers to themselves.
 */
export function makeShortPlan(seed: number): Run[] {
  const plan = makePlan({ seed, runs: POINTS.length * RUNS_PER_POINT });
  return POINTS.filter(({ singleRead }) => singleRead !== true).flatMap(
    ({ name, vendors = VENDOR_NAMES, webhooks }) => {
      const runs = plan.filter(({ point }) => point === name);
      const once = vendors.map((vendor) => runs.find((run) => run.pattern === 'once' && run.vendor === vendor)!);
      const twice = runs.find(({ rounds }) => rounds.length === 2 && rounds.every(({ strike }) => strike === 'kill'));
      return webhooks || twice === undefined ? once : [...once, twice];
    },
  );
}
