import { Command } from 'commander';
import { jsonFlag, resultsFlag, temporalFlags, withHelp } from '../flags.js';
import { followCommandText } from '../follow-command.js';
import { requestCancel } from '../follow-to-end.js';
import { type Beside, exitOfFollowed, type FollowFlags, followWorkflow } from '../follow-workflow.js';
import { onInterrupt } from '../interrupt.js';

export function followCommand(): Command {
  const command = new Command('follow')
    .summary('follow a workflow to its end')
    .description(
      'Shows what a workflow does until it has ended, then what came out of it. On the embedded server it also goes on with a\n' +
        'workflow whose command was killed. Ctrl-C cancels the workflow, a second one only leaves.',
    )
    .argument('<ID>', 'workflow id, of a document or a batch')
    .addOption(jsonFlag())
    .addOption(resultsFlag())
    .action(run);
  return withHelp(temporalFlags(command), { vendors: true, temporal: true });
}

async function run(workflowId: string, flags: FollowFlags): Promise<void> {
  const beside: Beside = (session, view, document, leave) =>
    onInterrupt({
      first() {
        view.note('Cancelling, waiting for the receipt. Ctrl-C again to leave now.');
        void requestCancel(session, view, document);
      },
      second() {
        leave.abort();
        view.note(`left; follow it with: ${followCommandText(flags, workflowId)}`);
      },
    });
  process.exitCode = exitOfFollowed(await followWorkflow(workflowId, flags, { beside }));
}
