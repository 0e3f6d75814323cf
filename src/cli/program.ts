import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { batchCommand } from './commands/batch.js';
import { cancelCommand } from './commands/cancel.js';
import { devCommand } from './commands/dev.js';
import { doctorCommand } from './commands/doctor.js';
import { followCommand } from './commands/follow.js';
import { forgetCommand } from './commands/forget.js';
import { jobsCommand } from './commands/jobs.js';
import { listCommand } from './commands/list.js';
import { processCommand } from './commands/process.js';
import { reapCommand } from './commands/reap.js';
import { reportCommand } from './commands/report.js';
import { resultCommand } from './commands/result.js';
import { sandboxCommand } from './commands/sandbox.js';
import { statusCommand } from './commands/status.js';
import { webhookCommand } from './commands/webhook.js';
import { workerCommand } from './commands/worker.js';
import { EXIT_HELP } from './exit-codes.js';

/** The whole command line. Errors of usage are thrown, not exited with. */
export function createProgram(): Command {
  const program = new Command('docjobs')
    .description('Durable document-processing jobs on Temporal.')
    .version(packageVersion())
    .addHelpText('after', EXIT_HELP)
    .configureHelp({ showGlobalOptions: false })
    // Commands within commands have flags of the same names.
    .enablePositionalOptions();
  const commands = [
    processCommand(),
    batchCommand(),
    statusCommand(),
    followCommand(),
    resultCommand(),
    reportCommand(),
    cancelCommand(),
    listCommand(),
    jobsCommand(),
    reapCommand(),
    doctorCommand(),
    forgetCommand(),
    webhookCommand(),
    workerCommand(),
    sandboxCommand(),
    devCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands, ...commands.flatMap((one) => one.commands)]) {
    command.exitOverride().configureOutput({ outputError: () => undefined });
  }
  return program;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
