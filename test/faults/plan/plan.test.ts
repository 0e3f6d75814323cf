import { describe, expect, it } from 'vitest';
import { VENDOR_NAMES } from '../../../src/sandbox/index.js';
import { intoCells } from './cells.js';
import { makeControls, makePlan, RUNS_PER_POINT } from './make-plan.js';
import { POINTS } from './points.js';
import type { Run } from './run.js';
import { makeShortPlan } from './short-plan.js';

const RUNS = 1_150;
const plan = makePlan({ seed: 7, runs: RUNS });

const countBy = (runs: readonly Run[], key: (run: Run) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const run of runs) counts[key(run)] = (counts[key(run)] ?? 0) + 1;
  return counts;
};

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makePlan({ seed: 7, runs: RUNS })).toEqual(plan);
    expect(makePlan({ seed: 8, runs: RUNS })).not.toEqual(plan);
  });

  it('has as many runs as were asked for, each with its own name', () => {
    expect(new Set(plan.map(({ id }) => id)).size).toBe(RUNS);
    expect(makePlan({ seed: 1, runs: 60 })).toHaveLength(60);
  });

  it('gives every crash point its share, and the rest to random schedules', () => {
    const counts = countBy(plan, ({ point }) => point);
    for (const { name } of POINTS) expect([name, counts[name]]).toEqual([name, RUNS_PER_POINT]);
    expect(counts.random).toBe(RUNS - POINTS.length * RUNS_PER_POINT);
  });

  it('crosses every point with its vendors, its operations and one crash, two, and another', () => {
    for (const point of POINTS) {
      const runs = plan.filter((run) => run.point === point.name);
      const combinations = countBy(runs, ({ vendor, operation, pattern }) => `${vendor}/${operation}/${pattern}`);
      const expected = (point.vendors ?? [1, 2]).length * (point.operations ?? [1, 2, 3]).length * 3;
      expect([point.name, Object.keys(combinations)]).toEqual([
        point.name,
        expect.objectContaining({ length: expected }),
      ]);
    }
  });

  it('covers all points already in its first runs', () => {
    expect(Object.keys(countBy(makePlan({ seed: 1, runs: POINTS.length }), ({ point }) => point))).toHaveLength(
      POINTS.length,
    );
  });

  it('strikes no document more than five times, and each time somewhere', () => {
    for (const { id, rounds } of plan) {
      expect(rounds.length, id).toBeLessThanOrEqual(5);
      const isEmpty = ({ steps, strike }: Run['rounds'][number]): boolean =>
        steps.length === 0 && strike !== 'kill in reap';
      expect(rounds.filter(isEmpty), id).toEqual([]);
    }
  });

  it('has a short form with every point at each of its vendors, but for the single read', () => {
    const counts = countBy(makeShortPlan(1), ({ point, vendor }) => `${point} ${vendor}`);
    const wanted = POINTS.filter(({ singleRead }) => singleRead !== true).flatMap(({ name, vendors = VENDOR_NAMES }) =>
      vendors.map((vendor) => `${name} ${vendor}`),
    );
    expect(Object.keys(counts).sort()).toEqual(wanted.sort());
    expect(countBy(makeShortPlan(1), ({ rounds }) => String(rounds.length))).toMatchObject({ 2: 9 });
  });

  it('has controls that nothing happens to, one for each vendor and operation', () => {
    expect(makeControls().map(({ vendor, operation, rounds }) => [vendor, operation, rounds.length])).toEqual([
      ['reducto', 'parse', 0],
      ['reducto', 'extract', 0],
      ['reducto', 'split', 0],
      ['pulse', 'parse', 0],
      ['pulse', 'extract', 0],
      ['pulse', 'split', 0],
    ]);
  });
});

describe('cells', () => {
  const cells = intoCells(plan);

  it('hold each run once', () => {
    expect(cells.flatMap(({ runs }) => runs.map(({ id }) => id)).sort()).toEqual(plan.map(({ id }) => id).sort());
  });

  it('hold runs that are struck in the same way, and no more than one worker can serve', () => {
    for (const { runs, strikes, singleRead, webhooks } of cells) {
      expect(runs.length).toBeLessThanOrEqual(24);
      for (const run of runs) {
        const struck = run.rounds.map(({ strike }) => strike);
        expect([struck, run.singleRead, run.webhooks]).toEqual([strikes, singleRead, webhooks]);
      }
    }
  });

  it('begin with those that take longest', () => {
    expect(cells[0]!.singleRead).toBe(true);
    expect(cells.at(-1)!.strikes.filter((strike) => strike !== 'none')).toEqual([]);
  });
});
