import { once } from 'node:events';
import { Command } from 'commander';
import { batchDrives, batchRows, latestBatchRows, rowsToCsv, rowsToJsonLines } from '../../../batch/record/index.js';
import { selector } from '../../../batch/plan/selection.js';
import { batchIdOf } from '../../../client/batch/batch-workflow-id.js';
import type { BatchRow, BatchSelection } from '../../../jobs/batch.js';
import { fileStore } from '../../../results/index.js';
import { type SelectionFlags, selectionFlags, selectionOf } from '../../batch/batch-flags.js';
import type { PlaceFlags } from '../../batch/batch-label.js';
import { usageError } from '../../cli-error.js';
import { stateDirOf } from '../../connect.js';
import { resultsFlag, withHelp } from '../../flags.js';
import { resultsDir } from '../../state-dir.js';

interface RowsFlags extends PlaceFlags, SelectionFlags {
  csv?: true;
  jsonl?: true;
  follow?: true;
}

export function rowsCommand(): Command {
  const command = new Command('rows')
    .summary('the record of a batch: one row a document, also while it runs')
    .description(
      'Prints the row that counts of each document that has ended, from the result store; Temporal is not asked. JSON Lines have all that is known, for\n' +
        `jq: docjobs batch rows ID | jq -r 'select(.pages > 10) | .id' | docjobs batch redrive ID --ids -`,
    )
    .argument('<ID>', 'id of the batch')
    .option('--csv', 'as a table with a header line')
    .option('--jsonl', 'as JSON Lines (default)')
    .option('--follow', 'rows as they are written, until the batch has ended')
    .option('--state <dir>', 'folder of the embedded server, the sandbox and the results')
    .addOption(resultsFlag())
    .action(run);
  return withHelp(selectionFlags(command), {});
}

async function run(id: string, flags: RowsFlags): Promise<void> {
  if (flags.csv && flags.jsonl) throw usageError('batch rows: --csv or --jsonl, not both');
  const batchId = batchIdOf(id);
  const results = flags.results ?? resultsDir(stateDirOf(flags));
  const store = fileStore(results);
  if (!flags.follow && (await batchDrives(store, batchId)).length === 0) {
    throw usageError(`${batchId}: the result store ${results} has no record of it; name the worker's with --results`);
  }
  const rows = selected(
    flags.follow ? batchRows(store, batchId, { live: true }) : latestBatchRows(store, batchId),
    selectionOf(flags),
  );
  for await (const text of flags.csv ? rowsToCsv(rows) : rowsToJsonLines(rows)) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }
}

/** Nothing selected is everything here, and not what a re-drive would take. */
async function* selected(rows: AsyncIterable<BatchRow>, select: BatchSelection): AsyncGenerator<BatchRow> {
  const selects = Object.keys(select).length === 0 ? () => true : selector(select);
  for await (const row of rows) if (selects(row)) yield row;
}
