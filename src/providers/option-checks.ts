import { DEFAULT_LIMITS, type HttpLimits } from './http/http-client.js';
import type { Quota } from './quota.js';
import { parseUrl } from '../jobs/parse-url.js';

/**
 * Checks of a vendor's configuration that all vendors need. All throw a TypeError that names the vendor, the option, what was expected and
 * what came, never a key.
 */
export interface OptionChecks {
  apiKey(value: unknown): void;
  /** @returns it without a slash at the end. */
  baseUrl(value: unknown, expectation: string): string;
  milliseconds(name: string, value: unknown, fallback: number, range: [least: number, most: number]): number;
  flag(name: string, value: unknown, fallback: boolean): boolean;
  oneOf<T extends string>(name: string, value: unknown, fallback: T, allowed: readonly T[]): T;
  secrets(value: unknown): void;
  /** @returns host names, each maybe with `*.` before it; none where there is nothing. */
  hosts(name: string, value: unknown): readonly string[];
  limits(given: Partial<HttpLimits>): HttpLimits;
  /** @param published the vendor's own figures. */
  quota(given: Partial<Quota> | undefined, published: Required<Quota>): Required<Quota>;
}

export function optionChecks(vendor: string): OptionChecks {
  return {
    apiKey(value) {
      if (typeof value === 'function' || (typeof value === 'string' && value.trim() !== '')) return;
      throw new TypeError(`${vendor}: apiKey: expected a key or a function that gives one, got ${describe(value)}`);
    },
    baseUrl(value, expectation) {
      if (typeof value === 'string' && /^https?:\/\//.test(value) && parseUrl(value) !== null)
        return value.replace(/\/+$/, '');
      throw new TypeError(`${vendor}: expected ${expectation}, got ${describe(value)}`);
    },
    milliseconds(name, value, fallback, [least, most]) {
      if (value === undefined) return fallback;
      if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most) return value;
      throw new TypeError(`${vendor}: ${name}: expected ${least} to ${most} ms, got ${figure(value)}`);
    },
    flag(name, value, fallback) {
      if (value === undefined) return fallback;
      if (typeof value === 'boolean') return value;
      throw new TypeError(`${vendor}: ${name}: expected true or false, got ${describe(value)}`);
    },
    oneOf(name, value, fallback, allowed) {
      const known = value === undefined ? fallback : allowed.find((one) => one === value);
      if (known !== undefined) return known;
      const expected = allowed.map((one) => `"${one}"`).join(', ');
      throw new TypeError(`${vendor}: ${name}: expected one of ${expected}, got ${describe(value)}`);
    },
    secrets(value) {
      if (value === undefined || typeof value === 'function') return;
      const expected = 'a function that gives a secret by its name';
      throw new TypeError(`${vendor}: secrets: expected ${expected}, got ${describe(value)}`);
    },
    hosts(name, value) {
      if (value === undefined) return [];
      if (Array.isArray(value) && value.every((one) => typeof one === 'string' && HOST.test(one)))
        return value as string[];
      throw new TypeError(
        `${vendor}: ${name}: expected hosts such as "storage.example" or "*.storage.example", no URLs`,
      );
    },
    limits(given) {
      const limits = { ...DEFAULT_LIMITS, ...given };
      for (const [name, value] of Object.entries(limits)) {
        const isLimit = Object.hasOwn(DEFAULT_LIMITS, name);
        const known = Object.keys(DEFAULT_LIMITS).join(', ');
        if (!isLimit) throw new TypeError(`${vendor}: limits.${name}: there is ${known}`);
        if (!Number.isSafeInteger(value) || value < 1) {
          throw new TypeError(`${vendor}: limits.${name}: expected a whole number from 1, got ${figure(value)}`);
        }
      }
      return limits;
    },
    quota(given = {}, published) {
      for (const [name, value] of Object.entries(given)) {
        const known = Object.keys(published).join(', ');
        if (!Object.hasOwn(published, name)) throw new TypeError(`${vendor}: quota.${name}: there is ${known}`);
        const isRate = value === null || (typeof value === 'number' && Number.isFinite(value) && value > 0);
        if (isRate || value === undefined) continue;
        throw new TypeError(`${vendor}: quota.${name}: expected calls a second above 0, or null, got ${figure(value)}`);
      }
      const told = Object.entries(given).filter(([, value]) => value !== undefined);
      return { ...published, ...(Object.fromEntries(told) as Partial<Quota>) };
    },
  };
}

const HOST = /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$|^\[[0-9a-f:.]+\]$/i;

const figure = (value: unknown): string => (typeof value === 'number' ? String(value) : describe(value));

/** Never a key, whatever it was put in: strings are named by their length, lists and objects not at all. */
function describe(value: unknown): string {
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
}
