import type { Client } from '@temporalio/client';
import type { DocumentJobsStatus } from '../jobs/types.js';
import { documentEnd, type DocumentEnd } from './document-end.js';
import { followRun, type Unanswered } from './follow-run.js';
import { readStatus } from './read-status.js';

export interface FollowDocumentOptions {
  /** Ends the iteration without an end update. */
  signal?: AbortSignal;
}

/** What following a document yields: changes of its status, then its end, once. */
export type DocumentUpdate = { kind: 'status'; status: DocumentJobsStatus } | Unanswered | DocumentEnd;

/**
 * Follows a document to its end. Yields each change of its status and last its result, failure or receipt. An outage of Temporal is
 * waited out: the document goes on without us.
 *
 * Status comes from a query, which costs one action: looks grow rarer with time, from twice a second to every 10 s.
 *
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an unknown id.
 */
export function followDocument(
  client: Client,
  workflowId: string,
  { signal }: FollowDocumentOptions = {},
): AsyncGenerator<DocumentUpdate, void, void> {
  const read = (): Promise<DocumentJobsStatus | null> => readStatus(client, workflowId);
  return followRun({ client, workflowId, read, end: () => documentEnd(client, workflowId), gapMs: nextLookMs, signal });
}

/** Gap before the next look, ms, after having followed for so long. */
export function nextLookMs(elapsedMs: number): number {
  return Math.min(10_000, Math.max(500, elapsedMs / 20));
}
