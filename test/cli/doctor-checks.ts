import type { CliResult } from './run-cli.js';

/** The status of each check of `docjobs doctor --json`. */
export const statusOf = ({ events }: CliResult): Record<string, unknown> =>
  Object.fromEntries(
    events
      .filter(({ event }) => event === 'check')
      .map(({ name, status }): [string, unknown] => [String(name), status]),
  );

export const checkOf = ({ events }: CliResult, name: string) => events.find((event) => event.name === name);
