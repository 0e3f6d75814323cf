import { Command } from 'commander';
import { SUBMITTING_WORKFLOWS, WORKFLOW } from '../../jobs/names.js';
import { ageText } from '../age-text.js';
import { openSession, type TemporalFlags } from '../connect.js';
import { jsonFlag, positiveArgument, temporalFlags, withHelp } from '../flags.js';
import { table } from '../table.js';

interface ListFlags extends TemporalFlags {
  json?: true;
  limit: number;
  workflowType?: string;
}

export function listCommand(): Command {
  const command = new Command('list')
    .summary('document workflows, newest first')
    .description('Lists the workflows of our types with status and age, newest first.')
    .option('--limit <count>', 'at most so many', positiveArgument, 50)
    .option('--workflow-type <name>', 'list workflows of this type instead of ours')
    .addOption(jsonFlag())
    .action(run);
  return withHelp(temporalFlags(command), { temporal: true });
}

async function run(flags: ListFlags): Promise<void> {
  const session = await openSession(flags, (text) => void process.stderr.write(`${text}\n`));
  try {
    const types =
      flags.workflowType === undefined ? [...SUBMITTING_WORKFLOWS, WORKFLOW.processBatch] : [flags.workflowType];
    const query = types.map((type) => `WorkflowType = '${type.replaceAll("'", "''")}'`).join(' OR ');
    const rows: string[][] = [];
    for await (const { workflowId, type, status, startTime, closeTime } of session.client.workflow.list({ query })) {
      if (rows.length >= flags.limit) break;
      const word = status.name.toLowerCase();
      rows.push([workflowId, type, word, ageText(startTime)]);
      if (!flags.json) continue;
      const times = { startedAt: startTime.toISOString(), endedAt: closeTime?.toISOString() ?? null };
      process.stdout.write(`${JSON.stringify({ workflowId, type, status: word, ...times })}\n`);
    }
    if (flags.json) return;
    process.stdout.write(rows.length === 0 ? 'No workflows.\n' : table([['id', 'type', 'status', 'age'], ...rows]));
  } finally {
    await session.close();
  }
}
