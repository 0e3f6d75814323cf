import type { EventFaults } from './event-faults.js';

/** Sends one event; resolves after its first attempt. */
export type SendEvent = () => Promise<void>;

/** However few have come by then. */
const LIMIT_MS = 5_000;

/** Holds events until so many wait. */
export interface Batches {
  add(batch: NonNullable<EventFaults['batch']>, send: SendEvent): void;
  /** Those that still wait are dropped. */
  close(): void;
}

export function createBatches(): Batches {
  const waiting = new Map<string, { sends: SendEvent[]; timer: NodeJS.Timeout }>();
  const open = (key: string, order: 'reversed' | 'together'): void => {
    const batch = waiting.get(key);
    if (batch === undefined) return;
    waiting.delete(key);
    clearTimeout(batch.timer);
    if (order === 'together') for (const send of batch.sends) void send();
    else void inTurn([...batch.sends].reverse());
  };
  return {
    add({ order, size }, send) {
      const key = `${order} ${size}`;
      const batch = waiting.get(key) ?? { sends: [], timer: setTimeout(() => open(key, order), LIMIT_MS) };
      waiting.set(key, batch);
      batch.sends.push(send);
      if (batch.sends.length >= size) open(key, order);
    },
    close() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}

async function inTurn(sends: readonly SendEvent[]): Promise<void> {
  for (const send of sends) await send();
}
