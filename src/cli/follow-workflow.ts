import type { DocumentEnd } from '../client/document-end.js';
import { DEFAULT_PROVIDER } from '../providers/types.js';
import { requireVendor } from './accounts.js';
import { openSession, type Session, type TemporalFlags } from './connect.js';
import { describeDocument } from './describe-document.js';
import { bringsWorker, SANDBOX_QUEUE } from './document-queue.js';
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

/** What a command does beside following; `signal` lets it leave before the end. */
export type Beside = (session: Session, view: View, document: DocumentLabel, leave: AbortController) => () => void;

/**
 * Follows a workflow that runs or ran to its end, with a worker of our own where no other is to be expected.
 * @returns null when it was left before its end.
 */
export async function followWorkflow(
  workflowId: string,
  flags: FollowFlags,
  beside: Beside,
): Promise<DocumentEnd | null> {
  installRuntime('ERROR');
  const view = chooseView(flags);
  const session = await openSession(flags, (text) => view.note(text));
  const leave = new AbortController();
  let worker: LocalWorker | null = null;
  let dispose = (): void => undefined;
  try {
    const { status, taskQueue } = await describeDocument(session, workflowId);
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
    await session.close();
  }
}
