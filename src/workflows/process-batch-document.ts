import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { isCancellation, workflowInfo } from '@temporalio/workflow';
import type { BatchDocumentEnd } from '../jobs/batch.js';
import { endOfFailure, endOfResult } from '../jobs/batch-end.js';
import { defined } from '../jobs/defined.js';
import { findDocumentFailure } from '../jobs/failures.js';
import type { ProcessDocumentInput } from '../jobs/process-document.js';
import type { ParsedReference } from '../jobs/types.js';
import { workflowBoard } from './board.js';
import type { ParsedDocument } from './documents.js';
import { type DocumentLife, runDocument } from './process-document.js';

/**
 * `processDocument` for a document of a batch: the same jobs for the same input, but what comes back is small, whatever the document. Values stay
 * in the result store unless `results` says otherwise; with `extractPerSection` they have to travel, within this workflow.
 * @throws what `processDocument` throws; the failure's second detail is the {@link BatchDocumentEnd}.
 */
export async function processBatchDocument(input: ProcessDocumentInput): Promise<BatchDocumentEnd> {
  const life: DocumentLife = {};
  const results = input?.results ?? (input?.extractPerSection === true ? 'auto' : 'stored');
  const startedAt = workflowInfo().startTime.toISOString();
  try {
    const result = await runDocument({ ...input, results }, life);
    return endOfResult(result, { startedAt, endedAt: new Date().toISOString() });
  } catch (error) {
    // A cancelled workflow can carry nothing but its memo. What is no failure of Temporal's is a mistake in the code, which a new release may mend.
    if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
    const failure = failureOf(error);
    const parsed = life.parsed && parsedReference(life.parsed());
    const endedAt = new Date().toISOString();
    const end = endOfFailure(
      { ...failure, receipts: workflowBoard().receipts, ...defined({ parsed }) },
      { startedAt, endedAt },
    );
    const { type, message, details } = failure;
    // A document failure says all that there is to say.
    const cause = details === null ? error : undefined;
    throw ApplicationFailure.create({
      type,
      message,
      nonRetryable: true,
      details: [details, end],
      ...defined({ cause }),
    });
  }
}

function failureOf(error: TemporalFailure): { type: string; message: string; details: unknown } {
  const failure = findDocumentFailure(error);
  if (failure !== undefined) return failure;
  const innermost = deepest(error);
  const type = innermost instanceof ApplicationFailure ? innermost.type : undefined;
  return { type: type ?? innermost.name, message: innermost.message, details: null };
}

function deepest(error: Error): Error {
  return error.cause instanceof Error ? deepest(error.cause) : error;
}

function parsedReference({ provider, account, jobId, reference, pageCount, stored }: ParsedDocument): ParsedReference {
  return { provider, account, jobId, reference, pageCount, stored };
}
