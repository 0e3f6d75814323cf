/** Failures after which the same submit may well succeed. The vendor publishes no such list; ours is from the names. */
const TRANSIENT = new Set([
  'TIMEOUT',
  'CAPACITY_TIMEOUT',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
  'GPU_ALLOCATION_ERROR',
  'GPU_POOL_SATURATED',
  'GPU_UNAVAILABLE',
  'BATCH_QUEUE_FULL',
  'QUEUE_FULL',
  'SUBPROCESS_CRASHED',
  'BATCH_ORPHANED',
  'LLM_PROVIDER_ERROR',
  'LLM_OUTPUT_PARSE_FAILED',
  'RATE_LIMIT',
  'PROCESSING_FAILED',
]);

/** Of these, what says nothing about the request itself. */
const OVERLOAD = /^(CAPACITY_TIMEOUT|SERVICE_UNAVAILABLE|GPU_[A-Z_]+|(BATCH_)?QUEUE_FULL)$/;

export function isOverload(name: string | undefined): boolean {
  return name !== undefined && OVERLOAD.test(name);
}

export function isTransient(name: string | null): boolean {
  return name !== null && TRANSIENT.has(name);
}

/** What a failed job says that was to reuse something which is no longer there. */
export function isInputGone(name: string | null): boolean {
  return name === 'NOT_FOUND' || name === 'JOB_DELETED' || name === 'JOB_DELETION_IN_PROGRESS';
}

/** Of the document or its address, whoever asks and however often; a download that failed may pass. */
const DOCUMENT_AT_FAULT = /^((DOCUMENT|IMAGE|OFFICE)_[A-Z_]+|CELL_COUNT_EXCEEDED|URL_NOT_ALLOWED)$/;

export function isDocumentAtFault(name: string | null): boolean {
  return name !== null && DOCUMENT_AT_FAULT.test(name);
}

/** A reference that a submit wanted to reuse is no longer there, in any of the forms that the vendor may say it. */
export const REFERENCE_GONE = new Set([
  'NOT_FOUND',
  'JOB_DELETED',
  'JOB_DELETION_IN_PROGRESS',
  'JOB_NOT_COMPLETE',
  'JOB_CANCELLED',
]);
