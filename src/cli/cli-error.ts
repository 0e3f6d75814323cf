import { EXIT, type ExitCode } from './exit-codes.js';

/** Ends the command with one line on stderr and an exit code. The message says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

export const usageError = (message: string): CliError => new CliError(EXIT.usage, message);
export const unreachableError = (message: string): CliError => new CliError(EXIT.unreachable, message);

/** The first line of whatever was thrown: an error's later lines are for developers. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
