import { ScheduleNotFoundError } from '@temporalio/client';
import { Command, Option } from 'commander';
import { REAPER_SCHEDULE, scheduleReaper } from '../../client/schedule-reaper.js';
import { findDocumentFailure } from '../../jobs/failures.js';
import { formatDuration } from '../../jobs/duration.js';
import { WORKFLOW } from '../../jobs/names.js';
import type { ReapInput, ReapReport } from '../../jobs/reap.js';
import { PROVIDER_NAMES, vendorFromEnvironment } from '../accounts.js';
import { CliError, usageError } from '../cli-error.js';
import { openSession, type Session, type TemporalFlags } from '../connect.js';
import { bringsWorker, documentQueue } from '../document-queue.js';
import { EXIT } from '../exit-codes.js';
import { durationArgument, jsonFlag, repeated, resultsFlag, temporalFlags, withHelp } from '../flags.js';
import { localActivities } from '../local-activities.js';
import { startLocalWorker } from '../local-worker.js';
import { installRuntime } from '../quiet-runtime.js';
import { reapText } from '../reap-text.js';
import { resultsDir } from '../state-dir.js';

interface ReapFlags extends TemporalFlags {
  dryRun?: true;
  since?: number;
  minimumAge?: number;
  type: string[];
  query?: string;
  account: string[];
  schedule?: true;
  unschedule?: true;
  every?: number;
  sandbox?: true;
  taskQueue?: string;
  results?: string;
  json?: true;
}

const EXAMPLES = `
Examples:
  docjobs reap --dry-run
  docjobs reap --since 3h --type invoiceWorkflow
  docjobs reap --schedule --every 10m

With --json, a line for each orphan, then one with the report. Exit code 1 when an orphan could not be cancelled.`;

const NO_WORKER_NOTE_MS = 10_000;

export function reapCommand(): Command {
  const command = new Command('reap')
    .summary('cancel jobs that no living workflow waits for')
    .description(
      'Sweeps for jobs at the vendors that still run although their workflow was terminated, timed out, failed or could not\n' +
        'cancel them, and cancels them. Jobs that a living workflow waits for are left alone; so is what other namespaces submitted.',
    )
    .option('--dry-run', 'tell what would be cancelled, and cancel nothing')
    .option('--since <duration>', 'look at workflows that closed within this time (default: 24h)', durationArgument)
    .option('--minimum-age <duration>', 'leave younger jobs alone (default: 5m)', durationArgument)
    .option('--type <name>', 'workflow type of yours that submits document jobs; may be repeated', repeated, [])
    .option('--query <query>', 'visibility query instead of types and ends')
    .option(
      '--account <name>',
      "account whose vendor's own list is searched too; may be repeated (default: all)",
      repeated,
      [],
    )
    .option('--schedule', 'have a Temporal Schedule sweep from now on, instead of sweeping once')
    .addOption(
      new Option('--every <duration>', 'with --schedule: time between two sweeps (default: 10m)').argParser(
        durationArgument,
      ),
    )
    .option('--unschedule', 'end that')
    .option('--sandbox', "sweep the sandbox's jobs")
    .option('--task-queue <name>', "the worker's task queue (default: document-jobs)")
    .addOption(jsonFlag())
    .addOption(resultsFlag())
    .addHelpText('after', EXAMPLES)
    .action(run);
  return withHelp(temporalFlags(command), { vendors: true, temporal: true });
}

async function run(flags: ReapFlags): Promise<void> {
  checkCombinations(flags);
  installRuntime('ERROR');
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const session = await openSession(flags, note);
  try {
    const where = { sandbox: flags.sandbox === true, embedded: session.embedded };
    const taskQueue = flags.taskQueue ?? documentQueue(where);
    if (flags.unschedule) return await unschedule(session, flags);
    if (flags.schedule) return await schedule(session, flags, taskQueue, note);
    await sweep(session, flags, taskQueue, note);
  } finally {
    await session.close();
  }
}

async function sweep(
  session: Session,
  flags: ReapFlags,
  taskQueue: string,
  note: (text: string) => void,
): Promise<void> {
  const own = bringsWorker(session, taskQueue);
  const results = flags.results ?? resultsDir(session.stateDir);
  const worker = own
    ? await startLocalWorker(session, taskQueue, localActivities(session.stateDir, { results }), note)
    : null;
  const waiting = setTimeout(
    () => note(`still sweeping; is there a worker on task queue ${taskQueue}?`),
    NO_WORKER_NOTE_MS,
  );
  try {
    const input = { ...inputOf(flags), ...(own ? { accounts: ownAccounts(flags) } : {}) };
    const handle = await session.client.workflow.start(WORKFLOW.reapOrphanedJobs, {
      workflowId: `${REAPER_SCHEDULE}-by-hand-${Date.now()}`,
      taskQueue,
      args: [input],
    });
    const report = (await handle.result().catch(asCliError)) as ReapReport;
    process.stdout.write(flags.json ? asJson(handle.workflowId, report) : reapText(report));
    process.exitCode = report.unresolved > 0 ? EXIT.failed : EXIT.done;
  } finally {
    clearTimeout(waiting);
    await worker?.stop();
  }
}

async function schedule(
  { client, embedded }: Session,
  flags: ReapFlags,
  taskQueue: string,
  note: (text: string) => void,
): Promise<void> {
  const every = flags.every ?? 600_000;
  const done = await scheduleReaper(client, { every, taskQueue, input: inputOf(flags) });
  if (embedded) note('The embedded server runs schedules only while a command uses it: keep "docjobs worker" running.');
  const text = `${done}: schedule ${REAPER_SCHEDULE} sweeps every ${formatDuration(every)} on task queue ${taskQueue}\n`;
  const event = { event: 'scheduled', scheduleId: REAPER_SCHEDULE, done, everyMs: every, taskQueue };
  process.stdout.write(flags.json ? `${JSON.stringify(event)}\n` : text);
}

async function unschedule({ client }: Session, flags: ReapFlags): Promise<void> {
  const was = await client.schedule
    .getHandle(REAPER_SCHEDULE)
    .delete()
    .then(
      () => true,
      (error: unknown) => {
        if (error instanceof ScheduleNotFoundError) return false;
        throw error;
      },
    );
  const text = was ? `deleted: schedule ${REAPER_SCHEDULE}\n` : `there is no schedule ${REAPER_SCHEDULE}\n`;
  process.stdout.write(
    flags.json ? `${JSON.stringify({ event: 'unscheduled', scheduleId: REAPER_SCHEDULE, was })}\n` : text,
  );
}

function inputOf({ since, minimumAge, type, query, account, dryRun }: ReapFlags): ReapInput {
  return {
    ...(since === undefined ? {} : { since }),
    ...(minimumAge === undefined ? {} : { minimumAge }),
    ...(type.length === 0 ? {} : { workflowTypes: type }),
    ...(query === undefined ? {} : { query }),
    ...(account.length === 0 ? {} : { accounts: account }),
    ...(dryRun ? { dryRun } : {}),
  };
}

/** Our own worker looks accounts up by name and has no list of them. */
function ownAccounts({ account, sandbox }: ReapFlags): string[] {
  if (account.length > 0) return account;
  if (sandbox) return PROVIDER_NAMES.map((name) => `${name}-sandbox`);
  return PROVIDER_NAMES.filter((name) => vendorFromEnvironment(name) !== null);
}

function checkCombinations({ schedule, unschedule, every, dryRun, query, type }: ReapFlags): void {
  if (every !== undefined && !schedule) throw usageError('--every is for a schedule: add --schedule');
  if (schedule && unschedule) throw usageError('--schedule or --unschedule: not both');
  if (schedule && dryRun) throw usageError('--dry-run is for one sweep: leave it out with --schedule');
  if (query !== undefined && type.length > 0) throw usageError('--query names the workflows already: leave out --type');
}

function asCliError(error: unknown): never {
  const failure = findDocumentFailure(error);
  if (failure?.type === 'DocumentInputInvalid') throw usageError(failure.message);
  throw failure === undefined ? error : new CliError(EXIT.failed, failure.message);
}

function asJson(workflowId: string, { orphans, ...report }: ReapReport): string {
  const lines = [
    ...orphans.map((orphan) => ({ event: 'orphan', ...orphan })),
    { event: 'result', workflowId, result: { ...report, orphans: orphans.length + report.notListed } },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
