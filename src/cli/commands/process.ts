import { Command } from 'commander';
import { fileStore } from '../../results/index.js';
import { checkProviderName, PROVIDER_NAMES } from '../accounts.js';
import { DEFAULT_PROVIDER } from '../../providers/types.js';
import { usageError } from '../cli-error.js';
import { openSession, stateDirOf } from '../connect.js';
import { bringsWorker, documentQueue } from '../document-queue.js';
import { findVendor, sourcePolicyOf, type VendorFlags } from '../find-vendor.js';
import { durationArgument, jsonFlag, positiveArgument, resultsFlag, temporalFlags, withHelp } from '../flags.js';
import { followInBackground } from '../follow-command.js';
import { localActivities } from '../local-activities.js';
import { type LocalWorker, startLocalWorker } from '../local-worker.js';
import { checkSources, readRequest, type RequestFlags, toTasks } from '../prepare-documents.js';
import { type DocumentTask, processDocuments } from '../process-documents.js';
import { installRuntime } from '../quiet-runtime.js';
import { rememberAccount, rememberRun, rememberSource, resultsDir } from '../state-dir.js';
import { chooseView } from '../view.js';
import { prepareOut } from '../write-results.js';

interface ProcessFlags extends VendorFlags, RequestFlags {
  provider: string;
  out?: string;
  detach?: true;
  json?: true;
  workflowType?: string;
  taskQueue?: string;
  results?: string;
}

export function processCommand(): Command {
  const command = new Command('process')
    .summary('process documents: parse, and extract or split them')
    .description(
      'Runs processDocument for each SOURCE: a file, an https URL or a provider reference.\n' +
        'The same document asked the same is one workflow: it is not paid twice.',
    )
    .argument('<SOURCE...>', 'files, https URLs or provider references')
    .option('--provider <name>', `vendor: ${PROVIDER_NAMES.join(' | ')}`, DEFAULT_PROVIDER)
    .option('--account <name>', "account on the worker (default: the provider's name)")
    .option('--schema <file.json>', 'JSON Schema of the values to extract')
    .option('--split <file.json>', 'sections to look for: [{"name", "description"}, …]')
    .option('--options <file.json>', `vendor's own options: {"parse"?: {…}, "extract"?: {…}, "split"?: {…}}`)
    .option('--deadline <duration>', 'limit for a document, such as 8s, 30m or 12h (default: 12h)', durationArgument)
    .option('--out <dir>', 'write each whole result as <name>.<operation>.json')
    .option('--copy-assets', 'keep the files that results name by URL, too: figures, charts, PDFs')
    .option('--workflow-id <id>', 'id of the workflow (default: from content, operations, options and account)')
    .option('--force', 'run again although the same was done before')
    .option('--detach', "start and don't wait")
    .addOption(jsonFlag())
    .option('--sandbox', 'let the local stand-in do the work, not the vendor')
    .option('--speed <factor>', 'with --sandbox: how much faster its jobs run', positiveArgument)
    .option('--workflow-type <name>', 'name under which your worker has processDocument')
    .option('--task-queue <name>', "the worker's task queue (default: document-jobs)")
    .addOption(resultsFlag())
    .action(run);
  return withHelp(temporalFlags(command), { vendors: true, temporal: true });
}

async function run(texts: string[], flags: ProcessFlags): Promise<void> {
  const provider = checkProviderName(flags.provider);
  checkCombinations(texts, flags);
  const request = await readRequest(provider, flags);
  const sources = await checkSources(texts, provider, sourcePolicyOf(provider, flags));
  if (flags.out !== undefined) await prepareOut(flags.out);
  const stateDir = stateDirOf(flags);
  const vendor = await findVendor(provider, flags, stateDir);
  const tasks = toTasks(sources, request, flags);

  // What goes on with the documents if this command is killed must know them.
  for (const { path } of sources) if (path !== undefined) await rememberSource(stateDir, path);
  for (const { workflowId } of tasks) await rememberRun(stateDir, workflowId, provider);
  await rememberAccount(stateDir, request.account, provider);

  installRuntime('ERROR');
  const view = chooseView(flags);
  const note = (text: string): void => view.note(text);
  const session = await openSession(flags, note);
  const results = flags.results ?? resultsDir(stateDir);
  const taskQueue = flags.taskQueue ?? documentQueue(queueFacts(flags, session.embedded, vendor?.baseUrl));
  const own = bringsWorker(session, taskQueue);
  let worker: LocalWorker | null = null;
  try {
    if (own && !flags.detach) {
      worker = await startLocalWorker(session, taskQueue, localActivities(stateDir, { results }), note);
    }
    const { exitCode, left } = await processDocuments(
      {
        session,
        view,
        flags,
        taskQueue,
        ...(flags.workflowType === undefined ? {} : { workflowType: flags.workflowType }),
        ...(flags.out === undefined ? {} : { out: flags.out }),
        store: fileStore(results),
        detach: flags.detach === true,
      },
      own ? tasks.map((task) => withOwnPolling(task, flags.speed)) : tasks,
    );
    process.exitCode = exitCode;
    if (own) for (const { workflowId } of left) followInBackground(flags, workflowId);
  } finally {
    view.close();
    await worker?.stop();
    await session.close();
  }
}

/**
 * That a command was killed is noticed after a third of a poll window, and only then its successor polls: windows of a command's
 * own worker are short. They cost events, which nobody bills on our own server. The sandbox is quicker than a vendor.
 */
const withOwnPolling = (task: DocumentTask, speed = 1): DocumentTask => ({
  ...task,
  input: {
    ...task.input,
    polling: { window: '90s', ...(task.sandbox ? { expected: Math.round(3_000 / speed) } : {}) },
  },
});

const queueFacts = (flags: ProcessFlags, embedded: boolean, baseUrl: string | undefined) => ({
  sandbox: flags.sandbox === true,
  embedded,
  ...(baseUrl === undefined ? {} : { baseUrl }),
});

function checkCombinations(texts: readonly string[], flags: ProcessFlags): void {
  if (flags.workflowId !== undefined && texts.length > 1) {
    throw usageError('--workflow-id names one workflow: give one SOURCE with it');
  }
  if (flags.speed !== undefined && !flags.sandbox) throw usageError('--speed is for the sandbox: add --sandbox');
  if (flags.sandbox && flags.account !== undefined) {
    throw usageError('--account names an account of a vendor: leave it out with --sandbox');
  }
}
