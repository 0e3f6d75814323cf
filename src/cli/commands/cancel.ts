import { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { jsonFlag, resultsFlag, temporalFlags, withHelp } from '../flags.js';
import { followCommandText } from '../follow-command.js';
import { requestCancel } from '../follow-to-end.js';
import { type Beside, type FollowFlags, followWorkflow } from '../follow-workflow.js';
import { onInterrupt } from '../interrupt.js';

export function cancelCommand(): Command {
  const command = new Command('cancel')
    .summary('cancel a workflow and its jobs at the vendor')
    .description(
      'Cancels a workflow, has its jobs cancelled at the vendor, waits until the truth about each is known and prints the\n' +
        'receipt; a batch, that of each of its documents in its record. Exit code 0 when it ended as cancelled; when it had ended otherwise, that end and its exit code.',
    )
    .argument('<ID>', 'workflow id, of a document or a batch')
    .addOption(jsonFlag())
    .addOption(resultsFlag())
    .action(run);
  return withHelp(temporalFlags(command), { vendors: true, temporal: true });
}

async function run(workflowId: string, flags: FollowFlags): Promise<void> {
  const beside: Beside = (session, view, document, leave) => {
    void requestCancel(session, view, document);
    return onInterrupt({
      first() {
        leave.abort();
        view.note(`left, the cancel goes on; follow it with: ${followCommandText(flags, workflowId)}`);
      },
      second: () => undefined,
    });
  };
  const end = await followWorkflow(workflowId, flags, { beside, cancel: true });
  process.exitCode = end === null || end.cancelled ? EXIT.done : end.exitCode;
}
