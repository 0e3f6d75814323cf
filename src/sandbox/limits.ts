import { z } from 'zod';
import type { CallKind } from './fault-rules.js';

const perSecond = z.number().positive().nullable();
const schema = z.strictObject({
  /** Of all kinds; null = no limit. */
  requestsPerSecond: perSecond.optional(),
  /** Status reads of single jobs; null = no limit. */
  readsPerSecond: perSecond.optional(),
});

/** What an account may do a second, sustained; so many may come at once. Every vendor's account has as much. */
export type RateLimits = z.infer<typeof schema>;

export type CurrentLimits = Record<keyof RateLimits, number | null>;

/** The limits of the accounts, changeable while the sandbox runs. */
export interface Limits {
  /** Replaces the figures that are given. @throws Error of one line for a wrong one */
  set(limits: RateLimits): void;
  get(): CurrentLimits;
  /** Calls answered by 429 so far, by the limit that they met. */
  refused(): Record<keyof RateLimits, number>;
}

/** The part that the sandbox itself uses. */
export interface LimitEngine extends Limits {
  /** A call has come. @returns the limit that it meets; null when it may go on. */
  exceeded(vendor: string, kind: CallKind, now: number): keyof RateLimits | null;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

const NAMES = ['requestsPerSecond', 'readsPerSecond'] as const;

export function createLimits(initial: RateLimits): LimitEngine {
  let limits: CurrentLimits = { requestsPerSecond: null, readsPerSecond: null };
  const refused = { requestsPerSecond: 0, readsPerSecond: 0 };
  const buckets = new Map<string, Bucket>();
  const set = (given: RateLimits): void => {
    const { requestsPerSecond = limits.requestsPerSecond, readsPerSecond = limits.readsPerSecond } = parseLimits(given);
    limits = { requestsPerSecond, readsPerSecond };
    buckets.clear();
  };
  set(initial);

  /** Buckets that are as large as a second's calls. A refused call takes nothing. */
  function fill(vendor: string, name: keyof RateLimits, limit: number, now: number): Bucket {
    const key = `${vendor} ${name}`;
    const { tokens, filledAt } = buckets.get(key) ?? { tokens: limit, filledAt: now };
    const filled = Math.max(0, now - filledAt) * (limit / 1_000);
    const bucket = { tokens: Math.min(Math.max(limit, 1), tokens + filled), filledAt: now };
    buckets.set(key, bucket);
    return bucket;
  }

  return {
    set,
    get: () => ({ ...limits }),
    refused: () => ({ ...refused }),
    exceeded(vendor, kind, now) {
      const met: Bucket[] = [];
      for (const name of NAMES) {
        const limit = limits[name];
        if (limit === null || (name === 'readsPerSecond' && kind !== 'get')) continue;
        const bucket = fill(vendor, name, limit, now);
        if (bucket.tokens < 1) {
          refused[name] += 1;
          return name;
        }
        met.push(bucket);
      }
      for (const bucket of met) bucket.tokens -= 1;
      return null;
    },
  };
}

/** @throws Error of one line with the place and what is expected there: `limits.readsPerSecond: …` */
export function parseLimits(json: unknown): RateLimits {
  const checked = schema.safeParse(json);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const path = (issue?.path ?? []).map((part) => `.${String(part)}`).join('');
  throw new Error(`limits${path}: ${issue?.message ?? 'wrong shape'}`);
}
