/** A guarantee of the package, as docs/guarantees.md numbers them. */
export type Guarantee = `G${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/** A change of one source file that takes one safeguard away. */
export interface Mutant {
  name: string;
  guarantee: Guarantee;
  /** What the code no longer does, in a few words. */
  removes: string;
  /** From the repository's root. */
  file: string;
  /** Source text that stands in the file exactly once. */
  find: string;
  replace: string;
  /** Test files of which at least one must fail. */
  tests: readonly string[];
}

/** @throws Error of one line when the mutant's text does not stand in `source` exactly once, or when it would change nothing. */
export function mutate({ name, file, find, replace }: Mutant, source: string): string {
  if (find === '' || find === replace) throw new Error(`mutant ${name}: it changes nothing`);
  const count = source.split(find).length - 1;
  if (count === 1) return source.replace(find, () => replace);
  throw new Error(`mutant ${name} is stale: ${file} holds its text ${count} times instead of once: ${firstLine(find)}`);
}

const firstLine = (text: string): string => JSON.stringify(text.trim().split('\n')[0]);
