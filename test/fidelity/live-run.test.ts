import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../scripts/fidelity/arguments.js';
import { createPageBudget } from '../../scripts/fidelity/page-budget.js';
import { liveTargets } from '../../scripts/fidelity/targets.js';

const BOTH = { REDUCTO_API_KEY: 'r', PULSE_API_KEY: 'p' };

describe('arguments', () => {
  it.each([
    [[], { live: false, maxPages: 10 }],
    [['--live'], { live: true, maxPages: 10 }],
    [['--live', '--max-pages', '0'], { live: true, maxPages: 0 }],
    [['--live', '--max-pages=25'], { live: true, maxPages: 25 }],
  ])('%j', (argv, expected) => {
    expect(parseArguments(argv)).toEqual(expected);
  });

  it.each([
    [['--max-pages', '3'], /is for --live/],
    [['--live', '--max-pages', '-1'], /./],
    [['--live', '--max-pages', '1.5'], /expected a whole number, got 1.5/],
    [['--live', '--max-pages', 'many'], /expected a whole number, got many/],
    [['--pages', '3'], /--pages/],
    [['extra'], /extra/],
  ])('refuses %j', (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(message);
  });
});

describe('the services of a live run', () => {
  it('are those with a key, at their real addresses, and share the page limit', () => {
    expect(liveTargets(BOTH, 11)).toEqual([
      { vendor: 'reducto', apiKey: 'r', baseUrl: 'https://platform.reducto.ai', pages: 5 },
      { vendor: 'pulse', apiKey: 'p', baseUrl: 'https://api.runpulse.com', pages: 5 },
    ]);
  });

  it('one alone has the whole limit; its address may be another', () => {
    const env = { PULSE_API_KEY: 'p', PULSE_BASE_URL: 'https://eu.example/', REDUCTO_API_KEY: ' ' };
    expect(liveTargets(env, 11)).toEqual([{ vendor: 'pulse', apiKey: 'p', baseUrl: 'https://eu.example', pages: 11 }]);
  });

  it('none without a key: the run ends with one line, and nothing is installed', () => {
    expect(() => liveTargets({}, 10)).toThrow('--live needs REDUCTO_API_KEY or PULSE_API_KEY: neither is set');
    const tsx = createRequire(import.meta.url).resolve('tsx/cli');
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, 'scripts/fidelity/run.ts', '--live'], {
      env: { PATH: process.env.PATH, HOME: '/nowhere' },
      encoding: 'utf8',
    });
    expect([status, stdout, stderr]).toEqual([
      2,
      '',
      '--live needs REDUCTO_API_KEY or PULSE_API_KEY: neither is set\n',
    ]);
  });
});

describe('the page limit', () => {
  it('is never passed: what would pass it is refused and not taken', () => {
    const budget = createPageBudget(5);
    expect([budget.take(3), budget.take(3), budget.take(2), budget.take(1), budget.take(0)]).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(budget.spent).toBe(5);
  });

  it('counts what the vendor counted, when that is more', () => {
    const budget = createPageBudget(5);
    budget.take(1);
    budget.correct(1, 4);
    budget.correct(1, 0);
    expect(budget.spent).toBe(4);
    expect([budget.take(2), budget.take(1)]).toEqual([false, true]);
  });

  it('of none lets nothing be billed', () => {
    expect([createPageBudget(0).take(1), createPageBudget(0).take(Number.NaN)]).toEqual([false, false]);
  });
});
