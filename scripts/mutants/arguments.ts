import { parseArgs } from 'node:util';
import type { Mutant } from './mutant.js';

export interface MutantArguments {
  /** Only name the mutants. */
  list: boolean;
  chosen: readonly Mutant[];
}

export const USAGE = 'usage: npm run mutants [-- --list] [-- --only NAME]…';

/** @throws Error of one line for what is no such argument */
export function parseArguments(argv: readonly string[], mutants: readonly Mutant[]): MutantArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: { list: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] } },
  });
  const unknown = values.only.find((wanted) => !mutants.some(({ name }) => name === wanted));
  if (unknown !== undefined)
    throw new Error(`--only: there is no mutant ${JSON.stringify(unknown)}; --list names them`);
  const isChosen = ({ name }: Mutant): boolean => values.only.length === 0 || values.only.includes(name);
  return { list: values.list, chosen: mutants.filter(isChosen) };
}
