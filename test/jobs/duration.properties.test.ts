import fc from 'fast-check';
import { describe, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/jobs/duration.js';
import { expect, RUNS } from '../support/properties.js';

const TEN_YEARS = 10 * 365 * 86_400_000;
const SPELLINGS: [number, string[]][] = [
  [1, ['', 'ms', 'MS']],
  [1_000, ['s', 'S', 'sec', 'secs', 'second', 'Seconds']],
  [60_000, ['m', 'M', 'min', 'mins', 'minute', 'minutes']],
  [3_600_000, ['h', 'H', 'hr', 'hrs', 'hour', 'hours']],
  [86_400_000, ['d', 'day', 'DAYS']],
];
const unit = fc.constantFrom(...SPELLINGS.flatMap(([factor, names]) => names.map((name) => [factor, name] as const)));
const space = fc.constantFrom('', ' ', '  ', '\t');
/** What people may write, right and wrong. */
const scrawl = fc.array(fc.constantFrom(...'0159.-+e ', 's', 'ms', 'min', 'h', 'day', 'hours', '\n'), { maxLength: 8 });

describe('parseDuration', () => {
  it('reads what is written, in any spelling of a unit', () => {
    fc.assert(
      fc.property(fc.nat(100_000), unit, space, space, (number, [factor, name], before, between) => {
        const ms = number * factor;
        expect(parseDuration(`${before}${number}${between}${name}${before}`)).toBe(ms <= TEN_YEARS ? ms : null);
      }),
      RUNS,
    );
  });

  it('reads a fraction as so much of the unit, to the millisecond', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 0, max: 999 }), unit, (whole, thousandths, [factor, name]) => {
        const ms = parseDuration(`${whole}.${String(thousandths).padStart(3, '0')} ${name}`);
        expect(Math.abs((ms ?? NaN) - (whole + thousandths / 1_000) * factor)).toBeLessThanOrEqual(0.51);
        expect(Number.isInteger(ms)).toBe(true);
      }),
      RUNS,
    );
  });

  it('gives a time from nothing to ten years or null, whatever comes', () => {
    const text = fc.oneof(
      scrawl.map((parts) => parts.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.oneof(text, fc.double(), fc.integer()), (given) => {
        const ms = parseDuration(given);
        expect(ms === null || (ms >= 0 && ms <= TEN_YEARS)).toBe(true);
        if (typeof given === 'number' && ms !== null) expect(ms).toBe(given);
        if (typeof given === 'string' && !/\d/.test(given)) expect(ms).toBeNull();
      }),
      RUNS,
    );
  });
});

describe('formatDuration', () => {
  it('writes what comes to the same time when it is added up again', () => {
    const time = fc.oneof(fc.nat(120_000), fc.nat(TEN_YEARS));
    fc.assert(
      fc.property(time, (ms) => {
        const parts = formatDuration(ms).split(' ');
        expect(new Set(parts.map((part) => part.at(-1))).size).toBe(parts.length);
        const sum = parts.reduce((total, part) => total + (parseDuration(part) ?? NaN), 0);
        expect(Math.abs(sum - ms)).toBeLessThanOrEqual(ms < 10_000 ? 50 : 500);
      }),
      RUNS,
    );
  });

  it('carries into the larger unit', () => {
    fc.assert(
      fc.property(fc.nat(TEN_YEARS), (ms) => {
        const [, minutes = '0', seconds = '0'] = /(?:(\d+)m)?\s?(?:([\d.]+)s)?$/.exec(formatDuration(ms)) ?? [];
        expect(Number(minutes)).toBeLessThan(60);
        expect(Number(seconds)).toBeLessThan(60);
      }),
      RUNS,
    );
  });
});
