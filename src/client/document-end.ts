import { type Client, WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { findDocumentFailure } from '../jobs/failures.js';
import type { ProcessDocumentResult } from '../jobs/process-document.js';
import type { Receipt } from '../jobs/types.js';
import { readReceipt } from './read-receipt.js';

/** A failed document as JSON. `details` has `operation`, `jobId`, `vendorCode`, `reason` as far as they are known. */
export interface FailureReport {
  /** One of our failure types, or `WorkflowTerminated`, `WorkflowTimedOut`, `WorkflowFailed` for what Temporal did. */
  type: string;
  message: string;
  details: object;
}

/** How a document ended. */
export type DocumentEnd =
  | { kind: 'result'; result: ProcessDocumentResult }
  | { kind: 'failed'; failure: FailureReport; receipt: Receipt | null }
  | { kind: 'cancelled'; receipt: Receipt | null };

/**
 * Waits for the end of a document's workflow (for ever, if need be).
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an unknown id; {@link ServiceError} when Temporal can't be reached.
 */
export async function documentEnd(client: Client, workflowId: string): Promise<DocumentEnd> {
  try {
    const result = (await client.workflow.getHandle(workflowId).result()) as ProcessDocumentResult;
    return { kind: 'result', result };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const receipt = await readReceipt(client, workflowId);
    if (error.cause instanceof CancelledFailure) return { kind: 'cancelled', receipt };
    return { kind: 'failed', failure: failureReport(error), receipt };
  }
}

/** What a failed workflow's error says, as data. */
export function failureReport(error: WorkflowFailedError): FailureReport {
  const failure = findDocumentFailure(error);
  if (failure !== undefined) return { ...failure };
  const { cause } = error;
  if (cause instanceof TerminatedFailure) {
    return { type: 'WorkflowTerminated', message: 'The workflow was terminated from outside.', details: {} };
  }
  if (cause instanceof TimeoutFailure) {
    return { type: 'WorkflowTimedOut', message: "The workflow's own time-out passed.", details: {} };
  }
  return { type: 'WorkflowFailed', message: innermostMessage(error), details: {} };
}

function innermostMessage(error: Error): string {
  let innermost = error;
  while (innermost.cause instanceof Error) innermost = innermost.cause;
  return innermost.message;
}
