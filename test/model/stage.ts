import { serveDocuments } from '../support/document-server.js';
import { DOCUMENT } from './document.js';
import { Lane, type LaneFiles } from './lane.js';
import { play } from './play.js';
import type { Schedule } from './schedule.js';
import type { Seen } from './seen.js';
import type { Sabotage } from './world.js';

/** Plays schedules, so many at a time, each in a lane to itself. */
export interface Stage extends AsyncDisposable {
  play(schedule: Schedule, sabotage?: Sabotage): Promise<Seen>;
}

/** @param atOnce lanes, which are opened when they are first needed. */
export async function openStage(files: LaneFiles, atOnce: number): Promise<Stage> {
  const documents = await serveDocuments();
  const source = documents.add('invoice.txt', Buffer.from(DOCUMENT));
  const idle: Lane[] = [];
  const waiting: ((lane: Promise<Lane>) => void)[] = [];
  const playing = new Set<Promise<Seen>>();
  let open = 0;

  async function take(): Promise<Lane> {
    const lane = idle.pop();
    if (lane !== undefined) return lane;
    if (open >= atOnce) return new Promise<Lane>((resolve) => waiting.push(resolve));
    open += 1;
    return Lane.open(files);
  }

  async function giveBack(lane: Lane, isGood: boolean): Promise<void> {
    const next = waiting.shift();
    if (isGood) {
      if (next === undefined) idle.push(lane);
      else next(Promise.resolve(lane));
      return;
    }
    // Its server's time may stand still for ever.
    await lane[Symbol.asyncDispose]().catch(() => undefined);
    if (next === undefined) open -= 1;
    else next(Lane.open(files));
  }

  async function playInLane(schedule: Schedule, sabotage: Sabotage | undefined): Promise<Seen> {
    const lane = await take();
    let isGood = false;
    try {
      const seen = await play(lane, schedule, source, sabotage);
      isGood = seen.end.kind !== 'hung' && seen.pending === 0 && lane.attempts.running.length === 0;
      return seen;
    } finally {
      await giveBack(lane, isGood);
    }
  }

  return {
    play(schedule, sabotage) {
      const seen = playInLane(schedule, sabotage);
      playing.add(seen);
      return seen.finally(() => playing.delete(seen));
    },
    async [Symbol.asyncDispose]() {
      // One that nobody waits for any more may still be under way.
      await Promise.allSettled(playing);
      await Promise.all(idle.map((lane) => lane[Symbol.asyncDispose]()));
      await documents.close();
    },
  };
}
