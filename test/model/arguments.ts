import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

export interface ModelArguments {
  runs: number;
  seed: number;
  /** Documents at a time. */
  atOnce: number;
}

export const USAGE = 'usage: npm run model [-- --runs N] [--seed S] [--at-once N]';

/** As fast-check takes them. */
const LARGEST_SEED = 2 ** 31 - 1;

/** @throws Error of one line for what is no such argument */
export function parseArguments(argv: readonly string[]): ModelArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      runs: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      'at-once': { type: 'string', default: String(Math.max(2, cpus().length)) },
    },
  });
  return {
    runs: wholeNumber('--runs', values.runs, 1, 1_000_000),
    seed: wholeNumber('--seed', values.seed, 0, LARGEST_SEED),
    atOnce: wholeNumber('--at-once', values['at-once'], 1, 64),
  };
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${name}: expected a whole number ${least}..${most}, got ${JSON.stringify(text)}`);
}
