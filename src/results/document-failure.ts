import { ApplicationFailure } from '@temporalio/common';
import type { FailureDetails, FailureType } from '../jobs/failures.js';

/**
 * A document failure as activities, and readers of results, throw it: never retried. It carries no cause, because Temporal stores the whole
 * chain of causes, and an HTTP error's may hold URLs or bodies.
 */
export function documentFailure<T extends FailureType>(
  type: T,
  message: string,
  details: FailureDetails[T],
): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
}
