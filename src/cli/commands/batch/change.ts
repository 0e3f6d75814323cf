import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { Command } from 'commander';
import { changeBatch } from '../../../client/batch/change-batch.js';
import type { BatchChange, BatchStatus } from '../../../jobs/batch.js';
import { count } from '../../../batch/report/compare.js';
import { budgetText, statusText } from '../../batch/batch-text.js';
import { type BudgetFlags, budgetFlags, budgetOf } from '../../batch/batch-flags.js';
import { messageOf, unreachableError, usageError } from '../../cli-error.js';
import { openSession, type TemporalFlags } from '../../connect.js';
import { describeDocument } from '../../describe-document.js';
import { jsonFlag, positiveArgument, temporalFlags, wholeArgument, withHelp } from '../../flags.js';
import { followCommandText } from '../../follow-command.js';

interface ChangeFlags extends TemporalFlags {
  json?: true;
}

/** Without a worker an update would wait for ever. */
const UPDATE_LIMIT_MS = 15_000;

/** What steers a batch that runs. */
export function batchChangeCommands(): Command[] {
  return [
    change('pause', 'start no more documents; those under way go on').action((id: string, flags: ChangeFlags) =>
      apply(id, flags, { paused: true }),
    ),
    change('resume', 'go on after a pause').action((id: string, flags: ChangeFlags) =>
      apply(id, flags, { paused: false }),
    ),
    change('window', 'change how many documents are under way at once')
      .argument('<COUNT>', 'from 1 to 2,000', wholeArgument)
      .action((id: string, window: number, flags: ChangeFlags) => apply(id, flags, { window })),
    change('rate', 'change how many documents are started a second')
      .argument('<COUNT>', 'a second', positiveArgument)
      .action((id: string, startsPerSecond: number, flags: ChangeFlags) => apply(id, flags, { startsPerSecond })),
    budgetFlags(change('budget', 'change or take away the limit of credits or pages; a batch that waits at it goes on'))
      .option('--none', 'no limit')
      .action((id: string, flags: ChangeFlags & BudgetFlags & { none?: true }) => {
        const budget = budgetOf(flags);
        if ((budget === null) !== (flags.none === true)) {
          throw usageError('batch budget: give --max-credits or --max-pages, or --none to take the limit away');
        }
        return apply(id, flags, { budget });
      }),
  ];
}

function change(name: string, summary: string): Command {
  const command = new Command(name).summary(summary).description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`);
  return withHelp(temporalFlags(command.argument('<ID>', 'id of the batch').addOption(jsonFlag())), { temporal: true });
}

async function apply(workflowId: string, flags: ChangeFlags, asked: BatchChange): Promise<void> {
  const session = await openSession(flags, (text) => void process.stderr.write(`${text}\n`));
  try {
    const { status, taskQueue } = await describeDocument(session, workflowId);
    if (status.name !== 'RUNNING')
      throw usageError(`${workflowId}: has ended (${status.name.toLowerCase()}): nothing to change`);
    const deadline = Date.now() + UPDATE_LIMIT_MS;
    const now = await session.client
      .withDeadline(deadline, () => changeBatch(session.client, workflowId, asked))
      .catch((error: unknown) => {
        throw explained(error, workflowId, taskQueue, flags);
      });
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ event: 'changed', workflowId, status: now })}\n`
        : `${changedText(workflowId, now)}\n`,
    );
  } finally {
    await session.close();
  }
}

function explained(error: unknown, workflowId: string, taskQueue: string, flags: TemporalFlags): Error {
  if (error instanceof WorkflowNotFoundError) return usageError(`${workflowId}: has ended: nothing to change`);
  if (error instanceof WorkflowUpdateFailedError)
    return usageError(`${workflowId}: ${messageOf(error.cause ?? error)}`);
  return unreachableError(
    `${workflowId}: no worker answers on task queue ${taskQueue}; it will heed this when one does, for instance: ${followCommandText(flags, workflowId)}`,
  );
}

const changedText = (workflowId: string, status: BatchStatus): string =>
  `${workflowId}: ${statusText(status, { perMinute: null, etaMs: null })}; window ${count(status.window)}, ${count(status.startsPerSecond)} starts a second, ${budgetText(status.budget)}`;
