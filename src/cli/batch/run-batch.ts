import type { BatchEnd } from '../../client/batch/batch-end.js';
import { batchWorkflowId } from '../../client/batch/batch-workflow-id.js';
import { manifestIdentity } from '../../client/batch/manifest-identity.js';
import { startBatch, type StartedBatch } from '../../client/batch/start-batch.js';
import type { BatchForecast } from '../../jobs/batch-forecast.js';
import type { BatchManifest } from '../../jobs/batch.js';
import { usageError } from '../cli-error.js';
import { openSession, type Session, stateDirOf } from '../connect.js';
import { bringsWorker, documentQueue } from '../document-queue.js';
import { findVendor } from '../find-vendor.js';
import { localActivities } from '../local-activities.js';
import { type LocalWorker, startLocalWorker } from '../local-worker.js';
import { installRuntime } from '../quiet-runtime.js';
import { rememberAccount, rememberFolder, rememberRun, rememberSource, resultsDir } from '../state-dir.js';
import { batchEpilogue } from './batch-epilogue.js';
import type { BatchFlags } from './batch-flags.js';
import { batchLabel, placeArguments } from './batch-label.js';
import { chooseBatchView } from './batch-view.js';
import { followOrLeave } from './follow-or-leave.js';
import { foldersOf, manifestArgument, manifestLabel } from './manifest-argument.js';
import {
  batchInputOf,
  checkCombinations,
  checkListable,
  forecastOf,
  type FullBatchInput,
  withOwnPolling,
} from './prepare-batch.js';
import { forecastText } from './started-text.js';
import { checkOut, RECORD_ENDINGS } from './write-record.js';

/** `docjobs batch MANIFEST`. */
export async function runBatch(text: string, flags: BatchFlags, provider: string): Promise<void> {
  checkCombinations(flags);
  const manifest = await manifestArgument(text, flags.format);
  const input = await batchInputOf(manifest, flags, provider);
  if (flags.out !== undefined) await checkOut(flags.out, RECORD_ENDINGS);
  const folders = await foldersOf(manifest, flags.allow);
  const forecast = await forecastOf(input, flags, provider);
  if (flags.plan) return printPlan(forecast, manifest, flags);

  const stateDir = stateDirOf(flags);
  const vendor = await findVendor(provider, flags, stateDir);
  const batchId = flags.workflowId ?? batchWorkflowId(await manifestIdentity(manifest), input);
  // What goes on with the batch if this command is killed must know them.
  if (manifest.kind === 'file') await rememberSource(stateDir, manifest.path);
  for (const folder of folders) await rememberFolder(stateDir, folder);
  await rememberRun(stateDir, batchId, provider);
  await rememberAccount(stateDir, input.request.account ?? provider, provider);

  installRuntime('ERROR');
  const batch = batchLabel(batchId, flags, { label: manifestLabel(manifest), sandbox: flags.sandbox === true });
  const view = chooseBatchView(batch, flags);
  const session = await openSession(flags, (note) => view.note(note));
  const { embedded } = session;
  const where = {
    sandbox: batch.sandbox,
    embedded,
    ...(vendor?.baseUrl === undefined ? {} : { baseUrl: vendor.baseUrl }),
  };
  const taskQueue = flags.taskQueue ?? documentQueue(where);
  const results = flags.results ?? resultsDir(stateDir);
  const own = bringsWorker(session, taskQueue);
  let worker: LocalWorker | null = null;
  try {
    if (own) checkListable(manifest);
    if (own && !flags.detach) {
      worker = await startLocalWorker(session, taskQueue, localActivities(stateDir, { results }), (note) =>
        view.note(note),
      );
    }
    const started = await start(session, own ? withOwnPolling(input, flags) : input, {
      batchId,
      taskQueue,
      flags,
      forecast,
    });
    view.started(started.existing, forecast);
    const epilogue = (end: BatchEnd): Promise<string[]> => {
      const out = flags.out === undefined ? {} : { out: flags.out };
      return batchEpilogue(end, { batch, forecast, results, place: placeArguments(flags), ...out });
    };
    await followOrLeave({ session, view, batch, epilogue }, { flags, own });
  } finally {
    view.close();
    await worker?.stop();
    await session.close();
  }
}

interface Start {
  batchId: string;
  taskQueue: string;
  flags: BatchFlags;
  forecast: BatchForecast | null;
}

const start = (
  { client }: Session,
  input: FullBatchInput,
  { batchId, taskQueue, flags, forecast }: Start,
): Promise<StartedBatch> =>
  startBatch(client, input, {
    workflowId: batchId,
    taskQueue,
    rerun: flags.force === true,
    ...(flags.workflowType === undefined ? {} : { workflowType: flags.workflowType }),
    ...(forecast === null ? {} : { forecast }),
  });

function printPlan(forecast: BatchForecast | null, manifest: BatchManifest, { json }: BatchFlags): void {
  if (forecast === null) {
    throw usageError(`--plan: only a worker can list ${manifestLabel(manifest)}; a file or a folder can be read here`);
  }
  process.stdout.write(json ? `${JSON.stringify({ event: 'forecast', forecast })}\n` : forecastText(forecast));
}
