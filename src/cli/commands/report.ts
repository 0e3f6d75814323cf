import { WorkflowNotFoundError } from '@temporalio/client';
import { Command } from 'commander';
import { batchDrives, batchRows, latestBatchRows, type KnownBatchDrive } from '../../batch/record/index.js';
import { renderReport } from '../../batch/report/render-report.js';
import { summariseBatch } from '../../batch/report/summary.js';
import { batchIdOf } from '../../client/batch/batch-workflow-id.js';
import type { BatchForecast } from '../../jobs/batch-forecast.js';
import { BATCH_FORECAST_MEMO } from '../../jobs/names.js';
import { fileStore } from '../../results/index.js';
import { placeArguments, type PlaceFlags } from '../batch/batch-label.js';
import { readRateCard } from '../batch/make-forecast.js';
import { checkOut, writeWhole } from '../batch/write-record.js';
import { usageError } from '../cli-error.js';
import { openSession, stateDirOf } from '../connect.js';
import { SANDBOX_QUEUE } from '../document-queue.js';
import { resultsFlag, temporalFlags, withHelp } from '../flags.js';
import { shellWord } from '../shell-word.js';
import { resultsDir } from '../state-dir.js';

interface ReportFlags extends PlaceFlags {
  out?: string;
  rates?: string;
}

export function reportCommand(): Command {
  const command = new Command('report')
    .summary('a page about a batch: states, times, cost, failures')
    .description(
      'Writes one HTML file that loads nothing, about a batch that runs or ran, from its record in the result store. Temporal is asked only whether the\n' +
        'batch still runs and what was forecast.',
    )
    .argument('<BATCH>', 'id of the batch')
    .option('--out <file.html>', 'where to (default: <BATCH>.html)')
    .option('--rates <file.json>', 'your rate card, for a price: see "docjobs batch --help"')
    .addOption(resultsFlag())
    .action(run);
  return withHelp(temporalFlags(command), { temporal: true });
}

async function run(id: string, flags: ReportFlags): Promise<void> {
  const batchId = batchIdOf(id);
  const out = flags.out ?? `${batchId.replace(/[^\p{L}\p{N}._-]/gu, '_')}.html`;
  await checkOut(out, ['.html', '.htm']);
  const rates = flags.rates === undefined ? null : await readRateCard(flags.rates);
  const results = flags.results ?? resultsDir(stateDirOf(flags));
  const store = fileStore(results);
  const drives = await batchDrives(store, batchId);
  if (drives.length === 0) {
    throw usageError(`${batchId}: the result store ${results} has no record of it; name the worker's with --results`);
  }
  const summary = await summariseBatch({
    all: batchRows(store, batchId),
    latest: latestBatchRows(store, batchId),
    planned: plannedIn(drives),
  });
  const known = await knownOf(batchId, flags);
  const place = placeArguments(flags);
  const command = (words: readonly string[]): string => ['docjobs', ...words, ...place].map(shellWord).join(' ');
  const page = renderReport({ batchId, summary, rates, command, writtenAt: new Date().toISOString(), ...known });
  await writeWhole(out, [page]);
  process.stdout.write(`written ${out}\n`);
}

/** Of the last drive that read a manifest: re-drives repeat documents. */
function plannedIn(drives: readonly KnownBatchDrive[]): number {
  const last = drives.findLast(({ redrive }) => redrive === undefined);
  return last === undefined ? 0 : last.documents + last.unusableRows;
}

interface Known {
  forecast: BatchForecast | null;
  stage: string | null;
  sandbox: boolean;
}

/** A record may outlive what Temporal keeps. */
async function knownOf(batchId: string, flags: ReportFlags): Promise<Known> {
  const session = await openSession(flags, (text) => void process.stderr.write(`${text}\n`));
  try {
    const { memo, status, taskQueue } = await session.client.workflow.getHandle(batchId).describe();
    const forecast = (memo?.[BATCH_FORECAST_MEMO] as BatchForecast | undefined) ?? null;
    return { forecast, stage: status.name.toLowerCase(), sandbox: taskQueue === SANDBOX_QUEUE };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return { forecast: null, stage: null, sandbox: false };
  } finally {
    await session.close();
  }
}
