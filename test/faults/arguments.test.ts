import { expect, it } from 'vitest';
import { parseArguments } from './arguments.js';

it('has a default for everything', () => {
  expect(parseArguments([])).toEqual({
    runs: 1_150,
    seed: 1,
    log: 'faults-1.jsonl',
    resume: false,
    only: null,
    atOnce: 6,
  });
});

it('takes what is said', () => {
  const argv = [
    '--runs',
    '5000',
    '--seed',
    '9',
    '--resume',
    '--only',
    'reducto/split',
    '--log',
    'rows',
    '--at-once',
    '2',
  ];
  expect(parseArguments(argv)).toEqual({
    runs: 5_000,
    seed: 9,
    log: 'rows',
    resume: true,
    only: 'reducto/split',
    atOnce: 2,
  });
});

it.each([
  [['--runs', '0'], '--runs: expected a whole number ≥ 1, got "0"'],
  [['--seed', 'x'], '--seed: expected a whole number ≥ 0, got "x"'],
  [['--seed', '-1'], /--seed/],
  [['--frobnicate'], /Unknown option '--frobnicate'/],
  [['rows'], /Unexpected argument 'rows'/],
])('refuses %j in one line', (argv, message) => {
  expect(() => parseArguments(argv)).toThrow(message);
});
