import type { DocumentEnd } from '../client/document-end.js';
import type { StartedDocument } from '../client/start-document.js';
import type { DocumentLabel } from './events.js';
import { batchState } from './exit-codes.js';

/** One line for the start of a document. */
export function startedText({ label, workflowId, sandbox }: DocumentLabel, { existing }: StartedDocument): string {
  const where = sandbox ? ' in the sandbox' : '';
  if (existing === 'completed') {
    return `${label}: already done as ${workflowId}; this is its result (--force runs it again)`;
  }
  if (existing === 'running') return `${label}: already running as ${workflowId}; following it`;
  return `${label}: started${where} as ${workflowId}`;
}

/** One line for the end of a document. */
export function endText({ label }: Pick<DocumentLabel, 'label'>, end: DocumentEnd): string {
  if (end.kind === 'cancelled') return `${label}: cancelled`;
  if (end.kind === 'failed') return `${label}: failed: ${end.failure.type}: ${end.failure.message}`;
  const state = batchState(end);
  if (state !== null) return `${label}: ${state.replaceAll('_', ' ')}`;
  if (end.result.status === 'complete') return `${label}: done`;
  const failures = end.result.failures.map(
    ({ operation, section, message }) =>
      `${section === undefined ? operation : `${operation} (${section})`}: ${message}`,
  );
  return `${label}: done in part; ${failures.join('; ')}`;
}

/** One line for a document that runs while no worker answers for it. */
export function unansweredText(workflowId: string, taskQueue: string): string {
  return `${workflowId} waits: no worker answers on task queue ${taskQueue}; start one with "docjobs worker --task-queue ${taskQueue}"`;
}
