import type { Command } from 'commander';

const split = (word: string): [string, string | undefined] => {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
};

/** The value of `--name` in an argument list, as `--name value` or `--name=value`. */
export function flagOf(args: readonly string[], name: string): string | undefined {
  for (const [index, word] of args.entries()) {
    const [flag, value] = split(word);
    if (flag === `--${name}`) return value ?? args[index + 1];
  }
  return undefined;
}

/** The flags among arguments that a command does not have. */
export function unknownFlags(command: Command, args: readonly string[]): string[] {
  const known = new Set(command.options.map(({ long }) => long));
  return args
    .filter((word) => word.startsWith('--'))
    .map((word) => split(word)[0])
    .filter((flag) => !known.has(flag));
}
