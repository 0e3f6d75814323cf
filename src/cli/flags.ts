import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../jobs/duration.js';
import { VENDOR_ENVIRONMENT } from './accounts.js';
import { EXIT_HELP } from './exit-codes.js';
import { SECRETS_ENVIRONMENT } from './secrets.js';

const TEMPORAL_ENVIRONMENT = `
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE,
  TEMPORAL_API_KEY, TEMPORAL_PROFILE, …   Temporal's standard environment, with temporal.toml
  XDG_STATE_HOME                        where --state is by default`;

/** Where Temporal is; none of the first three (nor environment or temporal.toml) = the embedded server. */
export function temporalFlags(command: Command): Command {
  return command
    .option('--address <host:port>', 'Temporal server')
    .option('--namespace <name>', 'Temporal namespace')
    .option('--profile <name>', 'profile in temporal.toml')
    .option('--state <dir>', 'folder of the embedded server, the sandbox and the results');
}

export interface HelpParts {
  vendors?: boolean;
  temporal?: boolean;
}

/** Environment and exit codes below a command's flags. */
export function withHelp(command: Command, { vendors = false, temporal = false }: HelpParts): Command {
  const environment = [
    ...(vendors ? [`\n${VENDOR_ENVIRONMENT}\n${SECRETS_ENVIRONMENT}`] : []),
    ...(temporal ? [TEMPORAL_ENVIRONMENT] : []),
    '\n  NO_COLOR                              no colours',
  ];
  return command.addHelpText('after', `\nEnvironment:${environment.join('')}\n${EXIT_HELP}`);
}

export const jsonFlag = (): Option => new Option('--json', 'one JSON object a line on stdout');

export const resultsFlag = (): Option => new Option('--results <dir>', 'result store (default: results/ in --state)');

/** For commander: a duration of more than nothing. */
export function durationArgument(value: string): number {
  const ms = parseDuration(value);
  if (ms === null || ms === 0) throw new InvalidArgumentError('Expected a duration such as 8s, 30m or 12h.');
  return ms;
}

export function portArgument(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}

export function positiveArgument(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('Expected a number greater than 0.');
  return number;
}

export function wholeArgument(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1) throw new InvalidArgumentError('Expected a whole number from 1.');
  return number;
}

/** For commander: a flag that may be given several times. */
export const repeated = (value: string, previous: string[]): string[] => [...previous, value];
