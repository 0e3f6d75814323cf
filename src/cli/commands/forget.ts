import { Command } from 'commander';
import { forgetDocument } from '../../client/forget-document.js';
import { type Footprint, footprintOf } from '../../histories/footprint.js';
import { temporalSide } from '../../histories/temporal-side.js';
import { findDocumentFailure } from '../../jobs/failures.js';
import type { ForgetReport } from '../../jobs/forget.js';
import { isSandboxAccount, requireVendor } from '../accounts.js';
import { CliError, usageError } from '../cli-error.js';
import { confirm, canAsk } from '../confirm.js';
import { openSession, type Session, type TemporalFlags } from '../connect.js';
import { describeDocument } from '../describe-document.js';
import { bringsWorker } from '../document-queue.js';
import { EXIT } from '../exit-codes.js';
import { durationArgument, jsonFlag, resultsFlag, temporalFlags, withHelp } from '../flags.js';
import { exitOfForget, forgetText, plannedText } from '../forget-text.js';
import { localActivities } from '../local-activities.js';
import { startLocalWorker } from '../local-worker.js';
import { installRuntime } from '../quiet-runtime.js';
import { resultsDir } from '../state-dir.js';

interface ForgetFlags extends TemporalFlags {
  json?: true;
  patience?: number;
  results?: string;
  taskQueue?: string;
  yes?: true;
}

const NOTES = `
With --json, a line for each place, then one with the whole report. Exit code 1 when a place is refused, 4 when a vendor or the store could not
be reached or refuses the key; what nobody can erase from here (see the report) is none of these. See docs/forget.md.`;

const NO_WORKER_NOTE_MS = 10_000;

export function forgetCommand(): Command {
  const command = new Command('forget')
    .summary('erase what a document has left, and report it')
    .description(
      'Deletes the stored results of a workflow that has ended, and its jobs and uploads at the vendor where the vendor can, of all of\n' +
        "its runs; then reports for each place what was erased, what expires when, and what can't be erased from here and by whom it can.",
    )
    .argument('<ID>', 'workflow id')
    .option('-y, --yes', "don't ask; needed where nobody can be asked")
    .option('--patience <duration>', 'how long a vendor in trouble is asked again (default: 10m)', durationArgument)
    .option('--task-queue <name>', "the worker's task queue (default: the document's)")
    .addOption(jsonFlag())
    .addOption(resultsFlag())
    .addHelpText('after', NOTES)
    .action(run);
  return withHelp(temporalFlags(command), { vendors: true, temporal: true });
}

async function run(workflowId: string, flags: ForgetFlags): Promise<void> {
  if (!flags.yes && !canAsk()) throw usageError('forget erases for ever, and there is nobody to ask: add --yes');
  installRuntime('ERROR');
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const session = await openSession(flags, note);
  try {
    const { status, taskQueue } = await describeDocument(session, workflowId);
    if (status.name === 'RUNNING') throw usageError(stillRunning(workflowId));
    const footprint = await footprintOf(temporalSide(session.client), workflowId);
    if (!flags.yes) {
      if (footprint !== null) note(plannedText(footprint).trimEnd());
      if (!(await confirm('Erase this for ever?'))) throw new CliError(EXIT.cancelled, 'nothing was erased');
    }
    const report = await forget(
      session,
      workflowId,
      { ...flags, taskQueue: flags.taskQueue ?? taskQueue },
      footprint,
      note,
    );
    process.stdout.write(flags.json ? asJson(workflowId, report) : forgetText(report));
    process.exitCode = exitOfForget(report);
  } finally {
    await session.close();
  }
}

async function forget(
  session: Session,
  workflowId: string,
  { taskQueue, patience, results }: ForgetFlags & { taskQueue: string },
  footprint: Footprint | null,
  note: (text: string) => void,
): Promise<ForgetReport> {
  const own = bringsWorker(session, taskQueue);
  if (own) for (const { job } of footprint?.jobs ?? []) if (!isSandboxAccount(job.account)) requireVendor(job.provider);
  const folders = { results: results ?? resultsDir(session.stateDir) };
  const worker = own
    ? await startLocalWorker(session, taskQueue, localActivities(session.stateDir, folders), note)
    : null;
  const waiting = setTimeout(
    () => note(`still at it; is there a worker on task queue ${taskQueue}?`),
    NO_WORKER_NOTE_MS,
  );
  try {
    const options = { taskQueue, ...(patience === undefined ? {} : { patience }) };
    return await forgetDocument(session.client, workflowId, options).catch(asCliError(workflowId));
  } finally {
    clearTimeout(waiting);
    await worker?.stop();
  }
}

const stillRunning = (workflowId: string): string =>
  `${workflowId}: still running; cancel it first: docjobs cancel ${workflowId}`;

const asCliError =
  (workflowId: string) =>
  (error: unknown): never => {
    const failure = findDocumentFailure(error);
    if (failure?.type === 'DocumentStillRunning') throw usageError(stillRunning(workflowId));
    if (failure?.type === 'DocumentInputInvalid') throw usageError(failure.message);
    throw failure === undefined ? error : new CliError(EXIT.failed, failure.message);
  };

function asJson(workflowId: string, report: ForgetReport): string {
  const lines = [
    ...report.places.map((place) => ({ event: 'place', workflowId, ...place })),
    { event: 'result', workflowId, result: report },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
