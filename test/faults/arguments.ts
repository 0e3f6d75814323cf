import { parseArgs } from 'node:util';

export interface FaultArguments {
  runs: number;
  seed: number;
  /** Where the rows are written, one JSON object a line. */
  log: string;
  /** Leave out what the log already holds. */
  resume: boolean;
  /** Only runs whose id contains it. */
  only: string | null;
  atOnce: number;
}

export const USAGE =
  'usage: npm run faults [-- --runs N] [--seed S] [--only TEXT] [--log FILE] [--resume] [--at-once CELLS]';

/** @throws Error of one line for what is no such argument */
export function parseArguments(argv: readonly string[]): FaultArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      runs: { type: 'string', default: '1150' },
      seed: { type: 'string', default: '1' },
      log: { type: 'string' },
      resume: { type: 'boolean', default: false },
      only: { type: 'string' },
      'at-once': { type: 'string', default: '6' },
    },
  });
  const seed = wholeNumber('--seed', values.seed);
  return {
    runs: wholeNumber('--runs', values.runs, 1),
    seed,
    log: values.log ?? `faults-${seed}.jsonl`,
    resume: values.resume,
    only: values.only ?? null,
    atOnce: wholeNumber('--at-once', values['at-once'], 1),
  };
}

function wholeNumber(name: string, text: string, least = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least) return value;
  throw new Error(`${name}: expected a whole number ≥ ${least}, got ${JSON.stringify(text)}`);
}
