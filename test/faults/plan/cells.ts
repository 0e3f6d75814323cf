import type { Run, Strike } from './run.js';

/** Documents that share a worker and whatever strikes it. */
export interface Cell {
  name: string;
  strikes: Strike[];
  singleRead: boolean;
  webhooks: boolean;
  runs: Run[];
}

/** More documents than this would have the worker busy for longer than the shortest time-out. */
const MOST_RUNS = 24;

/** Puts together the runs that are struck in the same way, in the order in which they came; the cells that take longest come first. */
export function intoCells(runs: readonly Run[], most = MOST_RUNS, prefix = 'c'): Cell[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = JSON.stringify([strikesOf(run), run.singleRead, run.webhooks]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const cells = [...groups.values()].flatMap((group) => {
    const count = Math.ceil(group.length / most);
    const { singleRead, webhooks } = group[0]!;
    return Array.from({ length: count }, (_, index) => ({
      strikes: strikesOf(group[0]!),
      singleRead,
      webhooks,
      runs: group.filter((_run, place) => place % count === index),
    }));
  });
  const longestFirst = cells.sort((a, b) => weightOf(b) - weightOf(a));
  return longestFirst.map((cell, index) => ({ name: `${prefix}c${String(index).padStart(3, '0')}`, ...cell }));
}

const strikesOf = ({ rounds }: Run): Strike[] => rounds.map(({ strike }) => strike);

/** Each strike costs a time-out; whoever waits for a single read's holder waits for minutes. */
const weightOf = ({ strikes, singleRead }: Omit<Cell, 'name'>): number =>
  strikes.filter((strike) => strike !== 'none').length + (singleRead ? 10 : 0);
