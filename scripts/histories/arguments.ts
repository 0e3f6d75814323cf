import { parseArgs } from 'node:util';

export interface RecordArguments {
  /** Scenarios, or histories (`pulse-happy`); empty = all. */
  only: readonly string[];
  /** Record histories anew that are there already. */
  overwrite: boolean;
}

export const USAGE = 'usage: npm run histories [-- --only NAME]… [--overwrite]';

/**
 * @param names of all scenarios and histories
 * @throws Error of one line for what is no such argument
 */
export function parseArguments(argv: readonly string[], names: readonly string[]): RecordArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      overwrite: { type: 'boolean', default: false },
    },
  });
  const unknown = values.only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`--only: there is no scenario ${JSON.stringify(unknown)}`);
  return values;
}
