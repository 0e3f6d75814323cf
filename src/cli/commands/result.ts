import { Command } from 'commander';
import { documentEnd, type DocumentEnd } from '../../client/document-end.js';
import { fileStore } from '../../results/index.js';
import { usageError } from '../cli-error.js';
import { openSession, type TemporalFlags } from '../connect.js';
import { describeDocument } from '../describe-document.js';
import { endEvent } from '../events.js';
import { exitOf } from '../exit-codes.js';
import { jsonFlag, resultsFlag, temporalFlags, withHelp } from '../flags.js';
import { followCommandText } from '../follow-command.js';
import { resultsDir } from '../state-dir.js';
import { prepareOut, uniqueNames, writeResults } from '../write-results.js';

interface ResultFlags extends TemporalFlags {
  json?: true;
  out?: string;
  results?: string;
}

export function resultCommand(): Command {
  const command = new Command('result')
    .summary('what came out of a workflow')
    .description(
      'Prints the result of a workflow that has ended as JSON: a ProcessDocumentResult, or the failure or the receipt of one that\n' +
        'failed or was cancelled. With --json it is the last event that "process --json" prints.',
    )
    .argument('<ID>', 'workflow id')
    .option('--out <dir>', 'write each whole result as <ID>.<operation>.json')
    .addOption(jsonFlag())
    .addOption(resultsFlag())
    .action(run);
  return withHelp(temporalFlags(command), { temporal: true });
}

async function run(workflowId: string, flags: ResultFlags): Promise<void> {
  if (flags.out !== undefined) await prepareOut(flags.out);
  const session = await openSession(flags, (text) => void process.stderr.write(`${text}\n`));
  try {
    const { status } = await describeDocument(session, workflowId);
    if (status.name === 'RUNNING') {
      throw usageError(
        `${workflowId}: still running, no result yet; follow it with: ${followCommandText(flags, workflowId)}`,
      );
    }
    const end = await documentEnd(session.client, workflowId);
    if (flags.out !== undefined && end.kind === 'result') {
      const store = fileStore(flags.results ?? resultsDir(session.stateDir));
      await writeResults(flags.out, uniqueNames([workflowId])[0] ?? workflowId, end.result, store);
    }
    const shown = flags.json ? JSON.stringify(endEvent(workflowId, end)) : JSON.stringify(endValue(end), null, 2);
    process.stdout.write(`${shown}\n`);
    process.exitCode = exitOf(end);
  } finally {
    await session.close();
  }
}

function endValue(end: DocumentEnd): object {
  if (end.kind === 'result') return end.result;
  if (end.kind === 'cancelled') return { cancelled: true, receipt: end.receipt };
  return { failure: end.failure, receipt: end.receipt };
}
