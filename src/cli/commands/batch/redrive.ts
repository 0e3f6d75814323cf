import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { WorkflowNotFoundError } from '@temporalio/client';
import { Command } from 'commander';
import { batchIdOf } from '../../../client/batch/batch-workflow-id.js';
import type { BatchEnd } from '../../../client/batch/batch-end.js';
import { redriveBatch } from '../../../client/batch/redrive-batch.js';
import { DEFAULT_PROVIDER } from '../../../providers/types.js';
import { requireVendor } from '../../accounts.js';
import { batchEpilogue } from '../../batch/batch-epilogue.js';
import {
  type BudgetFlags,
  budgetFlags,
  budgetOf,
  type SelectionFlags,
  selectionFlags,
  selectionOf,
} from '../../batch/batch-flags.js';
import { batchLabel, placeArguments, type PlaceFlags } from '../../batch/batch-label.js';
import { chooseBatchView } from '../../batch/batch-view.js';
import { followOrLeave } from '../../batch/follow-or-leave.js';
import { checkOut, RECORD_ENDINGS } from '../../batch/write-record.js';
import { usageError } from '../../cli-error.js';
import { openSession } from '../../connect.js';
import { describeDocument } from '../../describe-document.js';
import { bringsWorker, SANDBOX_QUEUE } from '../../document-queue.js';
import { jsonFlag, positiveArgument, resultsFlag, temporalFlags, wholeArgument, withHelp } from '../../flags.js';
import { localActivities } from '../../local-activities.js';
import { type LocalWorker, startLocalWorker } from '../../local-worker.js';
import { installRuntime } from '../../quiet-runtime.js';
import { readProblem } from '../../read-json-file.js';
import { providerOfRun, rememberRun, resultsDir } from '../../state-dir.js';

interface RedriveFlags extends PlaceFlags, SelectionFlags, BudgetFlags {
  ids?: string;
  window?: number;
  rate?: number;
  out?: string;
  detach?: true;
  json?: true;
}

/** They travel in the workflow's input, which may have 2 MB. */
const MAX_IDS_BYTES = 1_000_000;

export function redriveCommand(): Command {
  const command = new Command('redrive')
    .summary('do again what a batch left')
    .description(
      'Processes documents of a batch again, asked the same: every one that is not done, or those that all of --only, --error and --ids fit. Only these are\n' +
        'touched, and parsed documents that still live are reused. For any other choice let jq pick the ids: see "docjobs batch rows --help".',
    )
    .argument('<ID>', 'id of the batch')
    .option('--ids <list>', 'ids of documents: with commas, a file with one a line, or - for the standard input')
    .option('--window <count>', "documents under way at once (default: the batch's)", wholeArgument)
    .option('--rate <count>', "documents started a second (default: the batch's)", positiveArgument)
    .option('--out <file>', 'write the record there at the end: .jsonl or .csv')
    .option('--detach', "start and don't wait")
    .addOption(jsonFlag())
    .addOption(resultsFlag())
    .action(run);
  return withHelp(temporalFlags(budgetFlags(selectionFlags(command))), { vendors: true, temporal: true });
}

async function run(id: string, flags: RedriveFlags): Promise<void> {
  if (flags.out !== undefined) await checkOut(flags.out, RECORD_ENDINGS);
  const ids = flags.ids === undefined ? {} : { ids: await readIds(flags.ids) };
  const budget = budgetOf(flags);
  installRuntime('ERROR');
  const session = await openSession(flags, (note) => void process.stderr.write(`${note}\n`));
  const { client, stateDir } = session;
  const batchId = batchIdOf(id);
  let worker: LocalWorker | null = null;
  try {
    const { taskQueue } = await describeDocument(session, batchId);
    const sandbox = taskQueue === SANDBOX_QUEUE;
    const provider = (await providerOfRun(stateDir, batchId)) ?? DEFAULT_PROVIDER;
    const own = bringsWorker(session, taskQueue);
    if (own && !sandbox) requireVendor(provider);
    const results = flags.results ?? resultsDir(stateDir);
    if (own && !flags.detach) {
      const log = (note: string): void => void process.stderr.write(`${note}\n`);
      worker = await startLocalWorker(session, taskQueue, localActivities(stateDir, { results }), log);
    }
    const started = await redriveBatch(
      client,
      batchId,
      { ...selectionOf(flags), ...ids },
      {
        ...(flags.window === undefined ? {} : { window: flags.window }),
        ...(flags.rate === undefined ? {} : { startsPerSecond: flags.rate }),
        ...(budget === null ? {} : { budget }),
      },
    ).catch((error: unknown) => {
      throw error instanceof WorkflowNotFoundError
        ? usageError(`${batchId}: Temporal has forgotten what was asked of it`)
        : error;
    });
    await rememberRun(stateDir, started.workflowId, provider);
    const batch = batchLabel(started.workflowId, flags, { label: `re-drive of ${batchId}`, sandbox });
    const view = chooseBatchView(batch, flags);
    view.started(started.existing, null);
    try {
      const out = flags.out === undefined ? {} : { out: flags.out };
      const epilogue = (end: BatchEnd): Promise<string[]> =>
        batchEpilogue(end, { batch, forecast: null, results, place: placeArguments(flags), ...out });
      await followOrLeave({ session, view, batch, epilogue }, { flags, own });
    } finally {
      view.close();
    }
  } finally {
    await worker?.stop();
    await session.close();
  }
}

/** @throws usage error for a file that can't be read, and for too many. */
export async function readIds(given: string): Promise<string[]> {
  const content = given === '-' ? await text(process.stdin) : await readFile(given, 'utf8').catch(notAFile);
  const parts = content === null ? given.split(',') : content.split('\n');
  const ids = [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
  if (ids.length === 0) throw usageError(`--ids ${given}: names no document`);
  if (Buffer.byteLength(JSON.stringify(ids)) > MAX_IDS_BYTES) {
    throw usageError(
      `--ids: ${ids.length} ids are too many for one re-drive (1 MB): choose by --only or --error, or do it in parts`,
    );
  }
  return ids;

  function notAFile(error: unknown): null {
    const { code } = error as NodeJS.ErrnoException;
    // A list may be longer than a file's name can be.
    if (code === 'ENOENT' || code === 'ENAMETOOLONG' || code === 'ENOTDIR') return null;
    throw usageError(`--ids ${given}: ${readProblem(error)}`);
  }
}
