import { ApplicationFailure } from '@temporalio/common';
import type { FailureContext } from '../jobs/failures.js';
import { VendorError } from '../providers/vendor-error.js';
import { documentFailure } from '../results/document-failure.js';
import { ResultStoreError } from '../results/result-store.js';

export { documentFailure };

/** Type of the failures that Temporal shall retry: the vendor or the network may be better by then. Not one of ours to branch on. */
export const TROUBLE_TYPE = 'DocumentVendorTrouble';

/** A failure that Temporal retries, after the vendor's Retry-After if it gave one; not of less than 1 ms, which would end the retries. */
export function troubleFailure(message: string, about: FailureContext, retryAfterMs?: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: TROUBLE_TYPE,
    message,
    nonRetryable: false,
    details: [about],
    ...(retryAfterMs === undefined || retryAfterMs < 1 ? {} : { nextRetryDelay: retryAfterMs }),
  });
}

export const isTrouble = (error: unknown): boolean =>
  error instanceof ApplicationFailure && error.type === TROUBLE_TYPE;

const SAME_AGAIN = 'Mend the request or the document: the same one is refused again.';

/** The failure for a vendor's final no: a refused key or a refused request. Null for everything that may pass. */
export function refusalOf(error: VendorError, about: FailureContext): ApplicationFailure | null {
  const { endpoint, reason, httpStatus, code } = error.facts;
  const details = { ...about, ...(code === undefined ? {} : { vendorCode: code }), reason };
  switch (error.kind) {
    case 'auth':
      return documentFailure(
        'DocumentAccountRefused',
        `${about.provider} refuses the key of account "${about.account}" (HTTP ${httpStatus ?? 401}, ${endpoint}): check the key and its region`,
        { ...details, httpStatus: httpStatus ?? 401 },
      );
    case 'rejected':
      return documentFailure(
        'DocumentSubmitRejected',
        `${about.provider} refuses the ${about.operation} (HTTP ${httpStatus ?? 400}${code === undefined ? '' : `, ${code}`}): ${reason}. ${SAME_AGAIN}`,
        { ...details, httpStatus: httpStatus ?? 400 },
      );
    default:
      return null;
  }
}

const NOT_REPEATED = "It was not sent again: look in the vendor's console for what became of it.";

/**
 * The failure for a 2xx reply that cannot be understood.
 * @param advice what became of the request. Default: it is not sent again, since it may have been accepted.
 */
export function replyInvalid(error: VendorError, about: FailureContext, advice = NOT_REPEATED): ApplicationFailure {
  const { endpoint, reason, field = '' } = error.facts;
  return documentFailure(
    'DocumentReplyInvalid',
    `${endpoint}: the reply can't be understood${field === '' ? '' : ` at "${field}"`}: ${reason}. ${advice}`,
    { ...about, reason, endpoint, field },
  );
}

/** The words of an error, as far as they are known to hold no secrets: those of our own. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApplicationFailure || error instanceof VendorError || error instanceof ResultStoreError) {
    return error.message;
  }
  return error instanceof Error ? error.name : 'unknown error';
}
