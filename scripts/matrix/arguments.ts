import { parseArgs } from 'node:util';
import { SUPPORTED } from './versions.js';

export interface Combination {
  node: (typeof SUPPORTED.node)[number];
  temporal: (typeof SUPPORTED.temporal)[number];
  typescript: (typeof SUPPORTED.typescript)[number];
}

const choices = (kind: keyof Combination): string => SUPPORTED[kind].join('|');

export const USAGE = `usage: npm run matrix [-- --node ${choices('node')}] [--temporal ${choices('temporal')}] [--typescript ${choices('typescript')}]`;

/** @returns the combinations that are asked for: of what is not named, all. @throws Error of one line for what is no such argument. */
export function parseArguments(argv: readonly string[]): Combination[] {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...argv], options: { node: option, temporal: option, typescript: option } });
  const chosen = <V extends string>(kind: keyof Combination, all: readonly V[]): readonly V[] => {
    const wanted = values[kind];
    if (wanted === undefined) return all;
    const found = all.filter((version) => version === wanted);
    if (found.length === 0) throw new Error(`--${kind}: expected ${choices(kind)}, got ${JSON.stringify(wanted)}`);
    return found;
  };
  const typescripts = chosen('typescript', SUPPORTED.typescript);
  const temporals = chosen('temporal', SUPPORTED.temporal);
  return chosen('node', SUPPORTED.node).flatMap((node) =>
    temporals.flatMap((temporal) => typescripts.map((typescript) => ({ node, temporal, typescript }))),
  );
}
