import { Command } from 'commander';
import { type Check, exitOfChecks, isHealthy } from '../doctor/check.js';
import { checkJson, checkText } from '../doctor/check-text.js';
import { type DoctorFlags, runChecks } from '../doctor/run-checks.js';
import { jsonFlag, repeated, resultsFlag, temporalFlags, withHelp } from '../flags.js';
import { WEBHOOK_ENVIRONMENT } from '../webhook-accounts.js';

const EXAMPLES = `
Examples:
  docjobs doctor
  docjobs doctor --address temporal:7233 --task-queue invoices --type invoiceWorkflow
  docjobs doctor --json | jq -r 'select(.status == "problem").mend'

With --json, {"event":"check","name","status","says","mend"?} for each check, then {"event":"result","healthy"}. A status is
ok, warning, problem or skipped. Exit code 0 without a problem; 4 when Temporal or a vendor can't be reached or refuses the key; 1 for
any other problem.`;

/** Of `embedded server`, the longest that does not depend on a vendor's name. */
const WIDTH = 16;

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .summary('check Node, Temporal, keys, store, clock and webhooks, and say what to mend')
    .description(
      'Looks at all that documents need, within 10 s: Node, Temporal and who works there, the result store, each key, the clocks, and\n' +
        'whether webhooks come. Starts nothing, and writes nothing but a small object in the store, which it deletes again.',
    )
    .option('--task-queue <name>', "the worker's task queue (default: document-jobs)")
    .option('--type <name>', 'workflow type of yours that submits document jobs; may be repeated', repeated, [])
    .option('--sandbox', "look at the sandbox's side of it")
    .addOption(jsonFlag())
    .addOption(resultsFlag())
    .addHelpText('after', EXAMPLES)
    .action(run);
  return withHelp(temporalFlags(command), { vendors: true, temporal: true }).addHelpText(
    'after',
    `\nWebhooks:\n${WEBHOOK_ENVIRONMENT}`,
  );
}

async function run({ json, ...flags }: DoctorFlags & { json?: true }): Promise<void> {
  const checks: Check[] = [];
  for (const running of runChecks(flags)) {
    const check = await running;
    checks.push(check);
    process.stdout.write(json ? checkJson(check) : checkText(check, WIDTH));
  }
  if (json) process.stdout.write(`${JSON.stringify({ event: 'result', healthy: isHealthy(checks) })}\n`);
  process.exitCode = exitOfChecks(checks);
}
