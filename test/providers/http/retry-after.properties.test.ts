import fc from 'fast-check';
import { describe, it } from 'vitest';
import { retryAfterMs } from '../../../src/providers/http/retry-after.js';
import { expect, RUNS } from '../../support/properties.js';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const number = fc.oneof(fc.nat(100_000), fc.integer(), fc.double({ noNaN: true }), fc.constantFrom(0, -0, -1, 1.5));
/** What servers and what is between us and them may write. */
const value = fc.oneof(
  number.map(String),
  number.map((seconds) => ` ${seconds} `),
  fc.integer({ min: -1e9, max: 1e9 }).map((seconds) => new Date(NOW + seconds * 1_000).toUTCString()),
  fc.constantFrom('', 'soon', 'NaN', 'Infinity', '1e9', '0x10', '1,5', '--1', 'Fri, 31 Dec 9999 23:59:59 GMT'),
  fc.string({ maxLength: 8 }),
);
const headers = fc.record(
  { 'retry-after': fc.oneof(value, fc.array(value, { maxLength: 2 })), 'retry-after-ms': value },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, string | string[]>>;

describe('retryAfterMs', () => {
  it('is a wait of some time from nothing up, or undefined, whatever a header says', () => {
    fc.assert(
      fc.property(headers, (given) => {
        const wait = retryAfterMs(given, NOW);
        expect(wait === undefined || wait >= 0).toBe(true);
        if (Object.keys(given).length === 0) expect(wait).toBeUndefined();
      }),
      RUNS,
    );
  });

  it('reads seconds, a date and milliseconds as the same wait, the milliseconds first', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (seconds, other) => {
        const date = new Date(NOW + seconds * 1_000).toUTCString();
        const waits = [
          { 'retry-after': String(seconds) },
          { 'retry-after': date },
          { 'retry-after-ms': String(seconds * 1_000), 'retry-after': String(other) },
          { 'retry-after-ms': 'soon', 'retry-after': [date, String(other)] },
        ].map((one) => retryAfterMs(one, NOW));
        expect(waits).toEqual(Array(4).fill(seconds * 1_000));
      }),
      RUNS,
    );
  });

  it('never waits for a time that has passed, nor turns a negative number into one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seconds) => {
        const past = new Date(NOW - seconds * 1_000).toUTCString();
        expect(retryAfterMs({ 'retry-after': past }, NOW)).toBe(0);
        expect(retryAfterMs({ 'retry-after': String(-seconds) }, NOW)).toBeUndefined();
      }),
      RUNS,
    );
  });

  it('is finite, however many digits a header has', () => {
    const digits = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.nat(400))
      .map(([digit, length]) => `${digit}`.repeat(length));
    fc.assert(
      fc.property(fc.constantFrom('retry-after', 'retry-after-ms'), digits, (name, text) => {
        expect(Number.isFinite(retryAfterMs({ [name]: text }, NOW) ?? 0)).toBe(true);
      }),
      RUNS,
    );
  });
});
