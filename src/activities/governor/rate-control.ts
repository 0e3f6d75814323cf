/** How much of a quota is used: the vendor's clock and network may pack a second's calls closer together than they left. */
const SHARE_OF_QUOTA = 0.95;
/** A refusal takes the rate to this at least, and below what was served. */
const CUT = 0.7;
const BELOW_SERVED = 0.9;
/** What was served is known for so long: a shorter time may be one in which a vendor that counts by the second served nothing. */
const SECOND_MS = 1_000;
const SLICE_MS = 100;
const SLICES = SECOND_MS / SLICE_MS;
/** No refusals take the rate below this share of its quota, nor below one call in two seconds (or the quota, if that is less). */
const LEAST_SHARE = 0.02;
const LEAST_RATE = 0.5;
/** What the first careful step above a rate that holds is worth, of the quota; each one after it is twice as long. */
const FIRST_STEP = 0.01;
/** How long a rate is kept before a step above it; longer after each step that was refused. */
const FIRST_HOLD_MS = 3_000;
const MAX_HOLD_MS = 30_000;
/** Where no quota is known, a rate that was refused is forgotten at so many times itself. */
const FORGOTTEN_AT = 16;

/**
 * A Retry-After holds for all calls of the kind when these could be its cause: so much of the quota in the last second, or so many calls where
 * none is known. Else whoever got it obeys alone: the few others are no load, and may have to bring a result home.
 */
const CAUSE_SHARE = 0.02;
const CAUSE_CALLS = 5;

/** How often calls of one kind may go out. Times in ms from 0 on one scale that never goes back. */
export interface RateControl {
  /** Calls a second; Infinity: nothing is known to limit them. */
  setQuota(callsPerSecond: number, now: number): void;
  /** Calls a second at present. */
  rate(now: number): number;
  /** How long until `calls` more may go out, ms. */
  delay(now: number, calls?: number): number;
  /** One call goes out. Beyond what is allowed it is missing from the next ones. */
  take(now: number): void;
  served(now: number): void;
  /** A call that went out at `tookAt` was answered by 429. */
  refused(now: number, tookAt: number, retryAfterMs?: number): void;
}

/**
 * A token bucket that learns. A refusal takes the rate down to what the vendor has just served, once for all refusals of calls that were on their way.
 * That rate is kept for a while; steps above it, each twice as long, then find out whether there is more, and a refused one makes the next
 * wait longer: under a quota that nobody told us, refusals are a few in half a minute, and a quota that comes back is used in seconds.
 */
export function createRateControl(quota: number): RateControl {
  let ceiling = quota * SHARE_OF_QUOTA;
  let learned = Infinity;
  let tokens = burst();
  let filledAt = 0;
  let blockedUntil = -Infinity;
  let cutAt = -Infinity;
  let holdMs = FIRST_HOLD_MS;
  let stepAt = Infinity;
  let step = 0;
  let hasStepped = false;
  let base = 0;
  const served = createLastSecond();
  const taken = createLastSecond();

  function burst(): number {
    const rate = Math.min(ceiling, learned);
    return rate === Infinity ? Infinity : Math.max(1, (rate / SHARE_OF_QUOTA) * (1 - SHARE_OF_QUOTA));
  }

  function fill(until: number): void {
    const rate = Math.min(ceiling, learned);
    if (rate === Infinity) tokens = Infinity;
    else if (until > filledAt) tokens = Math.min(tokens + ((until - filledAt) * rate) / SECOND_MS, burst());
    filledAt = Math.max(filledAt, until);
  }

  /** Brings the bucket up to now, by the rates that there were on the way. */
  function advance(now: number): void {
    while (stepAt <= now) {
      fill(stepAt);
      learned += step;
      step *= 2;
      hasStepped = true;
      stepAt += SECOND_MS;
      const isForgotten = ceiling === Infinity ? learned > base * FORGOTTEN_AT : learned >= ceiling;
      if (!isForgotten) continue;
      learned = Infinity;
      stepAt = Infinity;
      if (ceiling === Infinity) tokens = Infinity;
    }
    fill(now);
    // A rate that has been good for long: the next trouble is a new one.
    if (learned === Infinity && now - cutAt > 2 * MAX_HOLD_MS) holdMs = FIRST_HOLD_MS;
  }

  function cut(now: number): void {
    const before = Math.min(ceiling, learned);
    const perSecond = served.count(now);
    base = ceiling === Infinity ? Math.max(perSecond, LEAST_RATE, base) : ceiling;
    const least = Math.min(Math.max(LEAST_RATE, base * LEAST_SHARE), base);
    learned = Math.max(least, Math.min(before * CUT, perSecond * BELOW_SERVED));
    tokens = Math.min(tokens, 0);
    if (hasStepped) holdMs = Math.min(holdMs * 2, MAX_HOLD_MS);
    hasStepped = false;
    step = Math.max(base * FIRST_STEP, LEAST_RATE / 2);
    stepAt = now + holdMs;
    cutAt = now;
  }

  return {
    setQuota(callsPerSecond, now) {
      advance(now);
      const wasUnlimited = tokens === Infinity;
      ceiling = callsPerSecond * SHARE_OF_QUOTA;
      tokens = wasUnlimited ? burst() : Math.min(tokens, burst());
    },
    rate(now) {
      advance(now);
      return Math.min(ceiling, learned);
    },
    delay(now, calls = 1) {
      advance(now);
      const rate = Math.min(ceiling, learned);
      const missing = calls - tokens;
      // Sums of fractions: a token that lacks a millionth is one.
      const fillMs = missing <= 1e-6 ? 0 : (missing / rate) * SECOND_MS;
      return Math.max(blockedUntil - now, fillMs, 0);
    },
    take(now) {
      advance(now);
      taken.add(now);
      if (tokens !== Infinity) tokens -= 1;
    },
    served: (now) => served.add(now),
    refused(now, tookAt, retryAfterMs) {
      advance(now);
      const cause = ceiling === Infinity ? CAUSE_CALLS : Math.max(1, ceiling * CAUSE_SHARE);
      if (retryAfterMs !== undefined && taken.count(tookAt) >= cause) {
        blockedUntil = Math.max(blockedUntil, now + retryAfterMs);
      }
      // What was on its way at the last cut, or met a second that was spent by then, is the same refusal.
      if (tookAt >= cutAt + SECOND_MS || cutAt === -Infinity) cut(now);
    },
  };
}

/** Counts what happened in the last second. */
function createLastSecond(): { add(now: number): void; count(now: number): number } {
  const slices = new Float64Array(SLICES);
  let last = 0;
  const turn = (now: number): void => {
    const current = Math.floor(now / SLICE_MS);
    for (let next = Math.max(last + 1, current - SLICES + 1); next <= current; next++) slices[next % SLICES] = 0;
    last = Math.max(last, current);
  };
  return {
    add(now) {
      turn(now);
      slices[last % SLICES]! += 1;
    },
    count(now) {
      turn(now);
      return slices.reduce((sum, one) => sum + one, 0);
    },
  };
}
