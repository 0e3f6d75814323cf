import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import { failureReport } from '../../client/document-end.js';
import type { BatchDocumentEnd } from '../../jobs/batch.js';
import { endOfFailure, endOfResult, fitted } from '../../jobs/batch-end.js';
import { isJsonObject } from '../../jobs/json.js';
import { RECEIPT_MEMO } from '../../jobs/names.js';
import type { ProcessDocumentResult } from '../../jobs/process-document.js';
import { sumReceipt } from '../../jobs/receipt.js';
import type { JobReceipt, Receipt } from '../../jobs/types.js';
import { redact } from '../../providers/redact.js';

type Times = Pick<BatchDocumentEnd, 'startedAt' | 'endedAt'>;

/** How a workflow that is no longer running has ended, whichever of ours it is: one of a batch, or one that was started alone. */
export async function documentEndOf(client: Client, closed: WorkflowExecutionDescription): Promise<BatchDocumentEnd> {
  const { workflowId, runId, status, startTime, closeTime, memo } = closed;
  const times = { startedAt: startTime.toISOString(), endedAt: (closeTime ?? startTime).toISOString() };
  const receipts = (memo?.[RECEIPT_MEMO] as Receipt | undefined)?.jobs ?? [];
  if (status.name === 'CANCELLED') return cancelledEnd(receipts, times);
  try {
    return endOfValue(await client.workflow.getHandle(workflowId, runId).result(), times);
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const reported = reportedEnd(error);
    if (reported !== null) return reported;
    const { type, message, details } = failureReport(error);
    return endOfFailure({ type, message: redact(message), details, receipts }, times);
  }
}

/** The end of a workflow that Temporal does not know, or no longer. */
export function unknownEnd(at: string): BatchDocumentEnd {
  const message = 'Temporal knows no such workflow, or has forgotten it: its retention is over';
  const times = { startedAt: at, endedAt: at };
  return endOfFailure({ type: 'WorkflowNotFound', message, details: {}, receipts: [] }, times);
}

function cancelledEnd(receipts: JobReceipt[], times: Times): BatchDocumentEnd {
  // Its jobs as those of a failed document are shown; but nothing has failed.
  const { error: _none, ...end } = endOfFailure({ type: '', message: '', details: {}, receipts }, times);
  return { ...end, state: 'cancelled' };
}

function endOfValue(value: unknown, times: Times): BatchDocumentEnd {
  if (isEnd(value)) return value;
  if (isProcessResult(value)) return endOfResult(value, times);
  // A user's own workflow under the same id: that it completed is all that is known.
  return fitted({ state: 'done', jobs: [], ...sumsOf([]), ...times });
}

/** The second detail of what a document of a batch failed with. */
function reportedEnd(error: Error): BatchDocumentEnd | null {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    const end = (cause as { details?: unknown[] | null }).details?.[1];
    if (isEnd(end)) return end;
  }
  return null;
}

function sumsOf(receipts: JobReceipt[]): Pick<BatchDocumentEnd, 'pages' | 'credits'> {
  const { pages, credits } = sumReceipt(receipts);
  return { pages, credits };
}

const isEnd = (value: unknown): value is BatchDocumentEnd =>
  isJsonObject(value) && typeof value.state === 'string' && Array.isArray(value.jobs);
const isProcessResult = (value: unknown): value is ProcessDocumentResult =>
  isJsonObject(value) && isJsonObject(value.receipt) && isJsonObject(value.parsed) && Array.isArray(value.failures);
