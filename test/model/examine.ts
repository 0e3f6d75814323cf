import { violations } from './invariants.js';
import type { Schedule } from './schedule.js';
import type { Seen } from './seen.js';
import type { Stage } from './stage.js';
import { callsChangeNothing, withoutCalls } from './twin.js';
import type { Sabotage } from './world.js';

export interface Examined {
  seen: Seen;
  /** What does not hold, in words. */
  found: string[];
  /** It has webhooks, and was held against the same schedule without. */
  compared: boolean;
}

/** Plays a schedule and holds what was seen to the guarantees; one with webhooks is played without them as well. */
export async function examine(stage: Stage, schedule: Schedule, sabotage?: Sabotage): Promise<Examined> {
  // A broken package breaks both.
  const twin = sabotage === undefined ? withoutCalls(schedule) : null;
  const [seen, without] = await Promise.all([stage.play(schedule, sabotage), twin === null ? null : stage.play(twin)]);
  const changed = without === null ? null : callsChangeNothing(seen, without);
  return { seen, found: [...violations(seen), ...(changed ?? [])], compared: changed !== null };
}
