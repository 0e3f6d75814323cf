import { VENDOR_NAMES } from '../../../src/sandbox/index.js';
import { makePlan, RUNS_PER_POINT } from './make-plan.js';
import { POINTS } from './points.js';
import type { Run } from './run.js';

const ONE_CRASH = 3;
const TWO_CRASHES = 2;

/**
 * A few runs of each crash point, few enough kinds of strikes for three minutes: one crash everywhere, two where the worker is killed. Left
 * out is the single read, whose next reader waits for minutes. Points with webhooks have workers to themselves: one run at each vendor.
 */
export function makeShortPlan(seed: number): Run[] {
  const plan = makePlan({ seed, runs: POINTS.length * RUNS_PER_POINT });
  return POINTS.filter(({ singleRead }) => singleRead !== true).flatMap(({ name, webhooks }) => {
    const runs = plan.filter(({ point }) => point === name);
    const once = runs.filter(({ pattern }) => pattern === 'once');
    if (webhooks) return VENDOR_NAMES.flatMap((vendor) => once.filter((run) => run.vendor === vendor).slice(0, 1));
    const isKilledTwice = ({ rounds }: Run): boolean =>
      rounds.length === 2 && rounds.every(({ strike }) => strike === 'kill');
    return [...once.slice(0, ONE_CRASH), ...runs.filter(isKilledTwice).slice(0, TWO_CRASHES)];
  });
}
