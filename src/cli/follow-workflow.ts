import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { DocumentEnd } from '../client/document-end.js';
import { DEFAULT_PROVIDER } from '../providers/types.js';
import { requireVendor } from './accounts.js';
import { batchExitOf } from './batch/batch-exit.js';
import { followKnownBatch } from './batch/follow-known-batch.js';
import { isBatch } from './batch/is-batch.js';
import { openSession, type Session, type TemporalFlags } from './connect.js';
import { describeDocument } from './describe-document.js';
import { bringsWorker, SANDBOX_QUEUE } from './document-queue.js';
import { EXIT, exitOf, type ExitCode } from './exit-codes.js';
import { followToEnd } from './follow-to-end.js';
import type { DocumentLabel } from './events.js';
import { localActivities } from './local-activities.js';
import { type LocalWorker, startLocalWorker } from './local-worker.js';
import { installRuntime } from './quiet-runtime.js';
import { providerOfRun, resultsDir } from './state-dir.js';
import { chooseView, type View } from './view.js';

export interface FollowFlags extends TemporalFlags {
  json?: true;
  results?: string;
}

/** What a command does beside following a document; `signal` lets it leave before the end. */
export type Beside = (session: Session, view: View, document: DocumentLabel, leave: AbortController) => () => void;

/** How what was followed ended. */
export interface FollowedEnd {
  cancelled: boolean;
  exitCode: ExitCode;
}

/**
 * Follows a document or a batch that runs or ran to its end, with a worker of our own where no other is to be expected.
 * @param cancel a batch is cancelled at once; for a document, `beside` sees to it.
 * @returns null when it was left before its end.
 */
export async function followWorkflow(
  workflowId: string,
  flags: FollowFlags,
  { beside, cancel = false }: { beside: Beside; cancel?: boolean },
): Promise<FollowedEnd | null> {
  installRuntime('ERROR');
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const session = await openSession(flags, note);
  try {
    const description = await describeDocument(session, workflowId);
    if (isBatch(description)) {
      const end = await followKnownBatch(session, description, flags, cancel);
      return end && { cancelled: end.kind === 'cancelled', exitCode: batchExitOf(end) };
    }
    const end = await followKnownDocument(session, description, flags, beside);
    return end && { cancelled: end.kind === 'cancelled', exitCode: exitOf(end) };
  } finally {
    await session.close();
  }
}

async function followKnownDocument(
  session: Session,
  { workflowId, status, taskQueue }: WorkflowExecutionDescription,
  flags: FollowFlags,
  beside: Beside,
): Promise<DocumentEnd | null> {
  const view = chooseView(flags);
  const leave = new AbortController();
  let worker: LocalWorker | null = null;
  let dispose = (): void => undefined;
  try {
    const document = { workflowId, label: workflowId, sandbox: taskQueue === SANDBOX_QUEUE };
    if (status.name === 'RUNNING' && bringsWorker(session, taskQueue)) {
      // A worker without the key would fail the document that it was meant to go on with.
      if (!document.sandbox) requireVendor((await providerOfRun(session.stateDir, workflowId)) ?? DEFAULT_PROVIDER);
      const results = flags.results ?? resultsDir(session.stateDir);
      const activities = localActivities(session.stateDir, { results });
      worker = await startLocalWorker(session, taskQueue, activities, (text) => view.note(text));
    }
    dispose = beside(session, view, document, leave);
    return await followToEnd(session, view, document, leave.signal, async () => []);
  } finally {
    dispose();
    view.close();
    await worker?.stop();
  }
}

/** Left before its end counts as cancelled. */
export const exitOfFollowed = (end: FollowedEnd | null): ExitCode => end?.exitCode ?? EXIT.cancelled;
