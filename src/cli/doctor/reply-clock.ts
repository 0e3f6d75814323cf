import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClockReading } from './clock.js';

/** Of one piece of work: what its requests were answered. */
interface Heard {
  sentAt: WeakMap<object, number>;
  clock: ClockReading | null;
}

/** What undici tells. Headers are names and values by turns, as they came. */
interface Told {
  request: object;
  response: { headers: readonly (Buffer | string)[] };
}

const hearer = new AsyncLocalStorage<Heard>();
const heardBy = new WeakMap<object, Heard>();

let subscribed = false;

/**
 * Runs work that calls a vendor, and reads the vendor's clock off the replies: providers hand on what the replies say, and not when.
 * @returns the clock also when the work fails, as a refusal has a date too; null when there was no reply, or none with a date.
 */
export async function withReplyClock<T>(
  work: () => Promise<T>,
): Promise<{ outcome: PromiseSettledResult<T>; clock: ClockReading | null }> {
  if (!subscribed) {
    subscribed = true;
    // A request is made in its caller's context; its reply comes in nobody's.
    subscribe('undici:request:create', (message) => begin((message as Told).request));
    subscribe('undici:request:headers', (message) => answered(message as Told));
  }
  const heard: Heard = { sentAt: new WeakMap(), clock: null };
  const [outcome] = await hearer.run(heard, () => Promise.allSettled([work()]));
  return { outcome, clock: heard.clock };
}

function begin(request: object): void {
  const heard = hearer.getStore();
  if (heard === undefined) return;
  heard.sentAt.set(request, Date.now());
  heardBy.set(request, heard);
}

function answered({ request, response }: Told): void {
  const heard = heardBy.get(request);
  const sentAt = heard?.sentAt.get(request);
  if (heard === undefined || sentAt === undefined) return;
  const texts = response.headers.map(String);
  const at = texts.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === 'date');
  const date = at === -1 ? NaN : Date.parse(texts[at + 1] ?? '');
  if (!Number.isNaN(date)) heard.clock ??= { sentAt, answeredAt: Date.now(), date };
}
