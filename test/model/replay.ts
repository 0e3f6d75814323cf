import { afterAll, expect, inject } from 'vitest';
import { installQuietRuntime } from '../support/temporal.js';
import { examine } from './examine.js';
import type { Schedule } from './schedule.js';
import type { Seen } from './seen.js';
import { openStage, type Stage } from './stage.js';
import type { Sabotage } from './world.js';

/** Lanes of a test file: more than cores, since each waits for its server most of the time. */
const AT_ONCE = 3;

let stage: Promise<Stage> | undefined;
afterAll(async () => (await stage)?.[Symbol.asyncDispose]());

/** The test file's stage. */
export function sharedStage(): Promise<Stage> {
  installQuietRuntime();
  const files = { bundlePath: inject('bundlePath'), testServerPath: inject('testServerPath') };
  return (stage ??= openStage(files, AT_ONCE));
}

/** Plays a schedule and holds what was seen to the guarantees. */
export async function replay(schedule: Schedule): Promise<Seen> {
  const { seen, found } = await examine(await sharedStage(), schedule);
  expect(found).toEqual([]);
  return seen;
}

/** What a schedule breaks when the package is broken in such a way. */
export async function violationsUnder(schedule: Schedule, sabotage: Sabotage): Promise<string[]> {
  return (await examine(await sharedStage(), schedule, sabotage)).found;
}
