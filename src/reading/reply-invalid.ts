import type { ApplicationFailure } from '@temporalio/common';
import type { ResultRef } from '../jobs/types.js';
import { VendorError } from '../providers/vendor-error.js';
import { documentFailure } from '../results/document-failure.js';
import { aboutOf } from '../results/open-result.js';

/** A stored result that is whole, and not what the vendor promises: `DocumentReplyInvalid` that names the field, never what stands in it. */
export function replyInvalid(ref: ResultRef, field: string, reason: string): ApplicationFailure {
  const what = field === '' ? reason : `field ${field}: ${reason}`;
  const message = `${ref.key}: ${what}. It is what was stored: run the operation again, or ask the vendor`;
  return documentFailure('DocumentReplyInvalid', message, { ...aboutOf(ref), reason: what, endpoint: ref.key, field });
}

/** The caller's mistake: `DocumentInputInvalid`, which Temporal does not retry. */
export function readInvalid(ref: ResultRef, field: string, reason: string): ApplicationFailure {
  return documentFailure('DocumentInputInvalid', `${ref.key}: ${reason}. Correct the call`, {
    ...aboutOf(ref),
    reason,
    field,
  });
}

/** What a vendor's `interpret` throws for a stored body. */
export const inReadersWords = (ref: ResultRef, error: unknown): unknown =>
  error instanceof VendorError && error.kind === 'invalid_reply'
    ? replyInvalid(ref, error.facts.field ?? '', error.facts.reason)
    : error;
