// The short form of `npm run faults`.
import { expect, inject, it } from 'vitest';
import { runControls, runFleet } from './fleet.js';
import type { Row } from './judge/row.js';
import { makeControls } from './plan/make-plan.js';
import { makeShortPlan } from './plan/short-plan.js';
import { openSurroundings } from './surroundings.js';

const LEAST_RUNS = 45;

it('loses nothing, pays nothing twice and leaves nothing running, wherever it is struck', async () => {
  const plan = makeShortPlan(1);
  await using surroundings = await openSurroundings(inject('bundlePath'));
  const undisturbed = await runControls(makeControls(), surroundings);
  const trouble: unknown[] = [];
  const rows: Row[] = await runFleet(plan, undisturbed, {
    surroundings,
    atOnce: 4,
    again: 1,
    onRows: () => undefined,
    onTrouble: (error) => trouble.push(error),
  });
  const fired = rows.filter((row) => row.fired);
  const points = (some: readonly { point: string }[]): string[] => [...new Set(some.map(({ point }) => point))].sort();
  expect(rows.filter(({ violations }) => violations.length > 0)).toEqual([]);
  expect(points(fired), String(trouble)).toEqual(points(plan));
  expect(fired.length).toBeGreaterThanOrEqual(LEAST_RUNS);
}, 300_000);
