import { ApplicationFailure, ActivityFailure } from '@temporalio/common';
import { findDocumentFailure, type FailureDetails, type FailureType } from '../jobs/failures.js';

/** A document failure as workflows throw it: never retried, details in the shape that `isDocumentFailure` narrows to. */
export function documentFailure<T extends FailureType>(
  type: T,
  message: string,
  details: FailureDetails[T],
): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
}

/**
 * What a workflow should see of an activity's failure: the document failure itself, unwrapped, so that the workflow's own
 * failure is typed too. Anything else (a cancellation, an exhausted retry policy) is passed on untouched.
 */
export function unwrapActivityFailure(error: unknown): unknown {
  if (!(error instanceof ActivityFailure)) return error;
  const failure = findDocumentFailure(error);
  return failure === undefined ? error : documentFailure(failure.type, failure.message, failure.details);
}
