import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.js';
import { asTest } from './print.js';

describe('a schedule that broke a guarantee', () => {
  it('is printed as a test to paste', () => {
    const printed = asTest({
      schedule: {
        vendor: 'pulse',
        asks: 'split, then extract each',
        options: { maxResubmits: 0 },
        vendorHas: { urlResults: true },
        events: [
          { on: 'submit', of: 'parse', nth: 1, do: 'done, but 503' },
          { on: 'get', of: 'split', nth: 2, do: 'user cancels in the sleep after it' },
        ],
      },
      violations: ["G1: it isn't so", 'G3: two\nlines'],
    });
    expect(printed).toBe(`it('G1: it isn t so', async () => {
  // G1: it isn't so
  // G3: two lines
  await replay({
    vendor: 'pulse',
    asks: 'split, then extract each',
    options: { maxResubmits: 0 },
    vendorHas: { urlResults: true },
    events: [
      { on: 'submit', of: 'parse', nth: 1, do: 'done, but 503' },
      { on: 'get', of: 'split', nth: 2, do: 'user cancels in the sleep after it' },
    ],
  });
});`);
  });
});

describe('npm run model', () => {
  it('plays 500 schedules of seed 1, unless told otherwise', () => {
    expect(parseArguments([])).toMatchObject({ runs: 500, seed: 1 });
    expect(parseArguments(['--runs', '7', '--seed', '0', '--at-once', '3'])).toEqual({ runs: 7, seed: 0, atOnce: 3 });
  });

  it.each([
    [['--runs', '0'], /--runs: expected a whole number 1\.\.1000000, got "0"/],
    [['--seed', 'x'], /--seed: expected a whole number/],
    [['--seeds', '1'], /--seeds/],
    [['7'], /'7'/],
  ])('%j is refused in one line', (given, message) => {
    expect(() => parseArguments(given)).toThrow(message);
  });
});
