import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isGrpcServiceError, ServiceError } from '@temporalio/client';
import type { DocumentJobsStatus } from '../jobs/types.js';
import { documentEnd, type DocumentEnd } from './document-end.js';
import { readStatus } from './read-status.js';

export interface FollowDocumentOptions {
  /** Ends the iteration without an end update. */
  signal?: AbortSignal;
}

/** What following a document yields: changes of its status, then its end, once. */
export type DocumentUpdate =
  | { kind: 'status'; status: DocumentJobsStatus }
  /** The workflow runs but no worker answers for it. Yielded once each time that becomes so. */
  | { kind: 'unanswered'; taskQueue: string }
  | DocumentEnd;

/**
 * Follows a document to its end. Yields each change of its status and last its result, failure or receipt. An outage of Temporal is
 * waited out: the document goes on without us.
 *
 * Status comes from a query, which costs one action: looks grow rarer with time, from twice a second to every 10 s.
 *
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an unknown id.
 */
export async function* followDocument(
  client: Client,
  workflowId: string,
  { signal }: FollowDocumentOptions = {},
): AsyncGenerator<DocumentUpdate, void, void> {
  // A promise that loses every race and then rejects would be unhandled.
  const end = settle(endThroughOutages(client, workflowId, signal));
  const startedAt = Date.now();
  let last = '';
  while (signal?.aborted !== true) {
    const seen = await Promise.race([end, lookAt(client, workflowId)]);
    if ('ended' in seen) return yield seen.ended;
    if ('error' in seen) throw seen.error;
    const word = JSON.stringify(seen);
    if (seen.kind !== 'nothing' && word !== last) {
      last = word;
      yield seen;
    }
    const pause = new AbortController();
    const waited = delay(nextLookMs(Date.now() - startedAt), undefined, { signal: anySignal(pause.signal, signal) });
    await Promise.race([end, waited.catch(() => undefined)]);
    pause.abort();
  }
}

/** Gap before the next look, ms, after having followed for so long. */
export function nextLookMs(elapsedMs: number): number {
  return Math.min(10_000, Math.max(500, elapsedMs / 20));
}

async function lookAt(
  client: Client,
  workflowId: string,
): Promise<Exclude<DocumentUpdate, DocumentEnd> | { kind: 'nothing' }> {
  try {
    const status = await readStatus(client, workflowId);
    if (status !== null) return { kind: 'status', status };
    const description = await client.workflow.getHandle(workflowId).describe();
    if (description.status.name !== 'RUNNING') return { kind: 'nothing' };
    return { kind: 'unanswered', taskQueue: description.taskQueue };
  } catch {
    // Unreachable, or an unknown id: which of them, the wait for the end tells.
    return { kind: 'nothing' };
  }
}

async function endThroughOutages(client: Client, workflowId: string, signal?: AbortSignal): Promise<DocumentEnd> {
  for (;;) {
    try {
      return await documentEnd(client, workflowId);
    } catch (error) {
      if (signal?.aborted === true || !isOutage(error)) throw error;
      await delay(1_000);
    }
  }
}

const OUTAGE_CODES = [1, 4, 8, 13, 14]; // cancelled, deadline exceeded, resource exhausted, internal, unavailable

function isOutage(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && OUTAGE_CODES.includes(cause.code);
}

function settle(end: Promise<DocumentEnd>): Promise<{ ended: DocumentEnd } | { error: unknown }> {
  return end.then(
    (ended) => ({ ended }),
    (error: unknown) => ({ error }),
  );
}

function anySignal(own: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? own : AbortSignal.any([own, other]);
}
