import fc from 'fast-check';
import { schedules } from './arbitrary.js';
import { examine } from './examine.js';
import type { Schedule } from './schedule.js';
import { endingOf } from './seen.js';
import type { Stage } from './stage.js';
import type { Sabotage } from './world.js';

/** A schedule under which a guarantee did not hold. */
export interface Broken {
  schedule: Schedule;
  violations: string[];
}

export interface Report {
  runs: number;
  seed: number;
  /** How many documents ended so. */
  endings: Map<string, number>;
  /** How many events came about, by what they do. */
  events: Map<string, number>;
  /** Documents with webhooks that were held against the same without. */
  compared: number;
  broken: Broken[];
}

export interface CampaignOptions {
  runs: number;
  seed: number;
  stage: Stage;
  /** Breaks the package, for a test of the model itself. */
  sabotage?: Sabotage;
  /** Of those that broke, how many are shrunk; default 5. Many break for one reason. */
  shrinks?: number;
  /** For shrinking all that broke, ms. Default one minute. */
  shrinkMs?: number;
  /** Called after each document. */
  onPlayed?: (done: number, broken: number) => void;
}

/** Plays random schedules, all that the stage can at a time, then shrinks those that broke a guarantee. */
export async function campaign({
  runs,
  seed,
  stage,
  sabotage,
  shrinks = 5,
  shrinkMs = 60_000,
  onPlayed,
}: CampaignOptions): Promise<Report> {
  const report: Report = { runs, seed, endings: new Map(), events: new Map(), compared: 0, broken: [] };
  const failing = new Map<number, Broken>();
  let done = 0;
  const one = async (schedule: Schedule, index: number): Promise<void> => {
    const { seen, found, compared } = await examine(stage, schedule, sabotage);
    count(report.endings, endingOf(seen.end));
    for (const event of seen.fired) count(report.events, event.do);
    if (compared) report.compared += 1;
    if (found.length > 0) failing.set(index, { schedule, violations: found });
    done += 1;
    onPlayed?.(done, failing.size);
  };
  const chosen = fc.sample(schedules, { numRuns: runs, seed });
  await Promise.all(chosen.map(one));
  const end = Date.now() + shrinkMs;
  const findings = async (schedule: Schedule): Promise<string[]> => (await examine(stage, schedule, sabotage)).found;
  for (const [index, broken] of [...failing].sort(([a], [b]) => a - b)) {
    if (report.broken.length >= shrinks) report.broken.push(broken);
    else report.broken.push(await shrink(broken, { seed, path: String(index) }, findings, end));
  }
  return report;
}

/** The simplest schedule that breaks a guarantee too, as far as the time allows. */
async function shrink(
  broken: Broken,
  from: { seed: number; path: string },
  findings: (schedule: Schedule) => Promise<string[]>,
  end: number,
): Promise<Broken> {
  let simplest: Broken | undefined;
  const holds = async (schedule: Schedule): Promise<boolean> => {
    const found = await findings(schedule);
    if (found.length > 0) simplest = { schedule, violations: found };
    return found.length === 0;
  };
  await fc.check(fc.asyncProperty(schedules, holds), {
    ...from,
    numRuns: 1,
    interruptAfterTimeLimit: Math.max(1, end - Date.now()),
  });
  const once = broken.violations.map((one) => `${one} (once, and not when it was played again)`);
  return simplest ?? { ...broken, violations: once };
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
