import fc from 'fast-check';
import { describe, it } from 'vitest';
import { isoTime, vendorTime } from '../../src/providers/vendor-time.js';
import { json } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) });
const pad = (number: number): string => String(number).padStart(2, '0');
/** Minutes east of Greenwich, and how a vendor may write them; null = it writes none, and means UTC. */
const zone = fc.oneof(
  fc.constantFrom<[number, string]>([0, ''], [0, 'Z'], [0, 'z'], [0, '+00:00'], [0, '-0000']),
  fc.tuple(fc.integer({ min: -12 * 4, max: 14 * 4 }), fc.constantFrom(':', '')).map(([quarters, colon]) => {
    const minutes = Math.abs(quarters) * 15;
    const text = `${quarters < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}${colon}${pad(minutes % 60)}`;
    return [quarters * 15, text] as [number, string];
  }),
);
const finer = fc.constantFrom('', '0', '123', '999999');

describe('vendorTime', () => {
  it('reads the same moment from any way of writing it, to the millisecond', () => {
    fc.assert(
      fc.property(instant, zone, fc.constantFrom('T', ' '), finer, (at, [east, name], between, micros) => {
        const local = new Date(at + east * 60_000).toISOString().slice(0, -1).replace('T', between);
        expect(vendorTime(`${local}${micros}${name}`)).toBe(at);
      }),
      RUNS,
    );
  });

  it('reads whole seconds and days, in UTC where no zone is named', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const iso = new Date(at).toISOString();
        expect(vendorTime(iso.slice(0, 19))).toBe(at - (at % 1_000));
        expect(vendorTime(iso.slice(0, 10))).toBe(Date.parse(iso.slice(0, 10)));
      }),
      RUNS,
    );
  });

  it('gives a real moment or null for anything else', () => {
    fc.assert(
      fc.property(fc.oneof(json, fc.string()), (text) => {
        const time = vendorTime(text);
        expect(time === null || isoTime(time) !== undefined).toBe(true);
        if (typeof text !== 'string') expect(time).toBeNull();
      }),
      RUNS,
    );
  });
});

describe('isoTime', () => {
  it('writes what is read back as the same, and nothing for what is no date', () => {
    const ms = fc.oneof(instant, fc.double(), fc.constantFrom(null, NaN, Infinity, 8.64e15, 8.64e15 + 1));
    fc.assert(
      fc.property(ms, (at) => {
        const text = isoTime(at);
        const isDate = at !== null && Math.abs(at) <= 8.64e15;
        expect(text === undefined).toBe(!isDate);
        if (text !== undefined) expect(Date.parse(text)).toBe(Math.trunc(at ?? NaN) + 0);
      }),
      RUNS,
    );
  });
});
