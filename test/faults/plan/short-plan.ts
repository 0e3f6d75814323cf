import { makePlan } from './make-plan.js';
import { POINTS } from './points.js';
import type { Run } from './run.js';

const ONE_CRASH = 3;
const TWO_CRASHES = 2;

/**
 * A few runs of each crash point, few enough kinds of strikes for three minutes: one crash everywhere, two where the worker is killed. Left
 * out is the single read, whose next reader waits for minutes.
 */
export function makeShortPlan(seed: number): Run[] {
  const plan = makePlan({ seed, runs: 1_000 });
  return POINTS.filter(({ singleRead }) => singleRead !== true).flatMap(({ name }) => {
    const runs = plan.filter(({ point }) => point === name);
    const isKilledTwice = ({ rounds }: Run): boolean =>
      rounds.length === 2 && rounds.every(({ strike }) => strike === 'kill');
    return [
      ...runs.filter(({ pattern }) => pattern === 'once').slice(0, ONE_CRASH),
      ...runs.filter(isKilledTwice).slice(0, TWO_CRASHES),
    ];
  });
}
