import type { BatchDocumentEnd, BatchJob } from './batch.js';
import type { FailureDetails, FailureType } from './failures.js';
import type { ProcessDocumentResult } from './process-document.js';
import { sumReceipt } from './receipt.js';
import type { JobReceipt, ParsedReference, ResultRef } from './types.js';

/** Bytes of JSON that the end of a document may have: the parent's history holds one of each. */
export const MAX_END_BYTES = 2_048;
const MAX_REASON = 300;
const MAX_WORD = 100;

type Times = Pick<BatchDocumentEnd, 'startedAt' | 'endedAt'>;

/** What is reported of a document whose `processDocument` returned. */
export function endOfResult(result: ProcessDocumentResult, times: Times): BatchDocumentEnd {
  const { provider, account, parsed, failures, receipt } = result;
  const [gap] = failures;
  const about = {
    jobs: receipt.jobs.map(batchJob),
    pages: parsed.pageCount ?? receipt.pages,
    credits: receipt.credits,
  };
  if (gap === undefined) return fitted({ state: 'done', ...about, ...times });
  const { type, message: reason, operation } = gap;
  const error = { type, reason, operation };
  return fitted({ state: 'done_with_gaps', error, ...about, ...times, parsed: slim({ provider, account, ...parsed }) });
}

/** What is known of a document that failed. */
export interface FailedDocument {
  type: string;
  message: string;
  /** The failure's first detail. */
  details: unknown;
  receipts: JobReceipt[];
  /** The parse, when that much succeeded. */
  parsed?: ParsedReference;
}

export function endOfFailure(
  { type, message, details, receipts, parsed }: FailedDocument,
  times: Times,
): BatchDocumentEnd {
  const about = (details ?? {}) as { vendorCode?: string; operation?: string };
  const { pages, credits } = sumReceipt(receipts);
  const error: NonNullable<BatchDocumentEnd['error']> = { type, reason: message };
  if (typeof about.vendorCode === 'string') error.vendorCode = about.vendorCode;
  if (typeof about.operation === 'string') error.operation = about.operation;
  return fitted({
    state: isRefusal(type, details) ? 'refused' : 'failed',
    error,
    jobs: receipts.map(batchJob),
    pages: parsed?.pageCount ?? pages,
    credits,
    ...times,
    ...(parsed === undefined ? {} : { parsed: slim(parsed) }),
  });
}

/** Client errors that say nothing about the document: no credit, too slow, too many. */
const NOT_THE_INPUT: readonly number[] = [402, 408, 429];

/** The document, or what was asked of it, is at fault: the same again would end the same. */
export function isRefusal(type: string, details: unknown): boolean {
  switch (type as FailureType) {
    case 'DocumentInputInvalid':
    case 'DocumentSourceRefused':
      return true;
    case 'DocumentSubmitRejected': {
      const { httpStatus } = (details ?? {}) as Partial<FailureDetails['DocumentSubmitRejected']>;
      return (
        typeof httpStatus === 'number' && Math.floor(httpStatus / 100) === 4 && !NOT_THE_INPUT.includes(httpStatus)
      );
    }
    case 'DocumentJobFailed': {
      const { transient, documentAtFault } = (details ?? {}) as Partial<FailureDetails['DocumentJobFailed']>;
      return transient !== true && documentAtFault === true;
    }
    default:
      return false;
  }
}

function batchJob({
  operation,
  jobId,
  outcome,
  submits,
  reads,
  pages,
  credits,
  submittedAt,
  endedAt,
  stored,
}: JobReceipt): BatchJob {
  const about = { operation, jobId, outcome, submits, reads, pages, credits, submittedAt, endedAt };
  if (stored === undefined) return about;
  const { key, size, sha256 } = stored;
  return { ...about, stored: { key, size, sha256 } };
}

function slim(parsed: ParsedReference): ParsedReference {
  const { provider, account, jobId, reference, pageCount } = parsed;
  const { key, size, sha256, contentType }: ResultRef = parsed.stored;
  return { provider, account, jobId, reference, pageCount, stored: { key, size, sha256, contentType } };
}

/** Leaves out what there is most of until the rest fits: jobs that completed, the last first, then other jobs, then the parse. */
export function fitted(end: BatchDocumentEnd): BatchDocumentEnd {
  const fit: BatchDocumentEnd = end.error === undefined ? { ...end } : { ...end, error: clippedError(end.error) };
  while (sizeOf(fit) > MAX_END_BYTES && fit.jobs.length > 0) {
    const last = fit.jobs.findLastIndex(({ outcome }, index) => index > 0 && outcome === 'completed');
    const left = last === -1 ? fit.jobs.length - 1 : last;
    fit.jobs = fit.jobs.filter((_job, index) => index !== left);
    fit.jobsLeftOut = end.jobs.length - fit.jobs.length;
  }
  if (sizeOf(fit) > MAX_END_BYTES) delete fit.parsed;
  return fit;
}

function clippedError(error: NonNullable<BatchDocumentEnd['error']>): NonNullable<BatchDocumentEnd['error']> {
  const { type, reason, vendorCode, operation } = error;
  return {
    type: clipped(type, MAX_WORD),
    reason: clipped(reason, MAX_REASON),
    ...(vendorCode === undefined ? {} : { vendorCode: clipped(vendorCode, MAX_WORD) }),
    ...(operation === undefined ? {} : { operation: clipped(operation, MAX_WORD) }),
  };
}

/** @param max characters, the mark of what is missing included. */
export function clipped(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

/** Bytes of its JSON. */
export function sizeOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
