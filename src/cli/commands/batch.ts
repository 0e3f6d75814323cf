import { Command } from 'commander';
import { checkProviderName } from '../accounts.js';
import { type BatchFlags, batchFlags } from '../batch/batch-flags.js';
import { runBatch } from '../batch/run-batch.js';
import { usageError } from '../cli-error.js';
import { temporalFlags, withHelp } from '../flags.js';
import { batchChangeCommands } from './batch/change.js';
import { redriveCommand } from './batch/redrive.js';
import { rowsCommand } from './batch/rows.js';
import { cancelCommand } from './cancel.js';

export function batchCommand(): Command {
  const command = new Command('batch')
    .summary('process many documents, and steer it while it runs')
    .description(
      'Runs processBatch for the documents of a manifest: a JSON Lines or CSV file with a column "source", a folder, s3://bucket/prefix or source:NAME\n' +
        '(the last two as your worker has them). The same documents asked the same are one batch: they are not paid twice. The words of the commands\n' +
        'below come first: a manifest of such a name is written ./pause.',
    )
    .argument('[MANIFEST]', 'file, folder, s3://bucket/prefix or source:NAME')
    .usage('[options] MANIFEST|DIR|s3://bucket/prefix|source:NAME\n       docjobs batch COMMAND ID [options]')
    // A command's own flags stand behind it.
    .enablePositionalOptions()
    .helpCommand(false)
    .action(async (manifest: string | undefined, flags: BatchFlags) => {
      if (manifest === undefined)
        throw usageError('batch: name a manifest, a folder, s3://bucket/prefix or source:NAME (see --help)');
      await runBatch(manifest, flags, checkProviderName(flags.provider));
    });
  for (const one of [...batchChangeCommands(), cancelCommand(), rowsCommand(), redriveCommand()])
    command.addCommand(one);
  return withHelp(temporalFlags(batchFlags(command)), { vendors: true, temporal: true });
}
