/** How many documents may be started now: a bucket that fills with time and holds what one second allows. */
export interface Pace {
  tokens: number;
  /** When they were counted, ms since the epoch. */
  at: number;
}

/** Shorter timers would cost more events than they gain. */
const SHORTEST_WAIT_MS = 1_000;
/** Sums of fractions miss whole numbers by a hair. */
const HAIR = 1e-6;

/** @param rate starts a second. */
export function refilled({ tokens, at }: Pace, rate: number, nowMs: number): Pace {
  const gained = (Math.max(0, nowMs - at) / 1_000) * rate;
  return { tokens: Math.min(Math.max(1, rate), tokens + gained), at: nowMs };
}

/** Whole starts that the pace allows. */
export function allowedStarts({ tokens }: Pace): number {
  return Math.floor(tokens + HAIR);
}

/** ms until the pace allows another start, a second at least. */
export function untilNextStart({ tokens }: Pace, rate: number): number {
  return Math.max(SHORTEST_WAIT_MS, Math.ceil(((1 - tokens) / rate) * 1_000));
}
