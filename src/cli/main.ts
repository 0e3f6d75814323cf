#!/usr/bin/env node
import { CommanderError } from 'commander';
import { CliError, messageOf } from './cli-error.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { createProgram } from './program.js';

/** What an error means to a shell: its exit code and one line. */
function explain(error: unknown): { exitCode: ExitCode; message: string | null } {
  if (error instanceof CliError) return { exitCode: error.exitCode, message: error.message };
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { exitCode: EXIT.done, message: null };
    // Called without a command, commander has shown the help already.
    const message =
      error.code === 'commander.help'
        ? null
        : `${error.message.replace(/^error: /, '').replaceAll('\n', ' ')} (see --help)`;
    return { exitCode: EXIT.usage, message };
  }
  return { exitCode: EXIT.failed, message: messageOf(error) };
}

// A reader that went away (`docjobs list | head`) is no error.
process.stdout.on('error', () => process.exit(EXIT.done));

try {
  await createProgram().parseAsync();
} catch (error) {
  const { exitCode, message } = explain(error);
  if (message !== null) process.stderr.write(`docjobs: ${message}\n`);
  process.exitCode = exitCode;
}
// Native handles of the SDK may outlive the work; everything that had to be waited for has been, but a pipe may still be full.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
process.exit(process.exitCode);
