import { cancelDocument } from '../client/cancel-document.js';
import type { DocumentEnd } from '../client/document-end.js';
import { followDocument } from '../client/follow-document.js';
import { historyCost, type HistoryCost } from '../client/history-cost.js';
import { messageOf } from './cli-error.js';
import type { Session } from './connect.js';
import type { DocumentLabel } from './events.js';
import type { Epilogue, View } from './view.js';

/** Shows a document until it ends. @returns null when the signal came first. */
export async function followToEnd(
  session: Session,
  view: View,
  document: DocumentLabel,
  signal: AbortSignal,
  write: (end: DocumentEnd) => Promise<string[]>,
): Promise<DocumentEnd | null> {
  for await (const update of followDocument(session.client, document.workflowId, { signal })) {
    if (update.kind === 'status' || update.kind === 'unanswered') {
      view.update(document, update);
      continue;
    }
    // Written before the end is told: who reads of the end finds the files.
    const files = await write(update).catch((error: unknown) => error as Error);
    view.update(document, update);
    const epilogue: Epilogue = {
      cost: await readCost(session, document.workflowId),
      files: Array.isArray(files) ? files : [],
    };
    view.ended(document, epilogue);
    if (!Array.isArray(files)) throw files;
    return update;
  }
  return null;
}

/** Asks for cancellation without letting a failure to ask break the wait. */
export async function requestCancel(session: Session, view: View, document: DocumentLabel): Promise<void> {
  try {
    await cancelDocument(session.client, document.workflowId);
  } catch (error) {
    view.note(
      `${document.label}: could not be cancelled (${messageOf(error)}); try "docjobs cancel ${document.workflowId}"`,
    );
  }
}

async function readCost(session: Session, workflowId: string): Promise<HistoryCost | null> {
  try {
    return historyCost(await session.client.workflow.getHandle(workflowId).fetchHistory());
  } catch {
    return null;
  }
}
