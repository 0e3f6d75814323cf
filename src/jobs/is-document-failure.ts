import { findDocumentFailure, type FailureDetails, type FailureType } from './failures.js';

/** An error that {@link isDocumentFailure} has looked at: `type` and `details` are those of the document failure in it. */
export type DocumentFailureError<T extends FailureType = FailureType> = Error & {
  type: T;
  details: FailureDetails[T];
};

/**
 * Tells a document failure from other errors and narrows it: in workflows (`catch (e)` around a job) and in clients
 * (`catch (e)` around `handle.result()`). The failure may be wrapped in activity, child-workflow or workflow failures.
 *
 * Temporal keeps details as a list, so that `details` gets the first one's fields as properties of its own: `e.details.jobId` works
 * and the error can still be rethrown and encoded as it was.
 *
 * @param type the failure type wanted; default any of ours.
 */
export function isDocumentFailure<T extends FailureType = FailureType>(
  error: unknown,
  type?: T,
): error is DocumentFailureError<T> {
  const failure = findDocumentFailure(error);
  if (failure === undefined || (type !== undefined && failure.type !== type)) return false;
  const details = Object.assign([failure.details], failure.details);
  for (const [key, value] of Object.entries({ type: failure.type, details })) {
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: true });
  }
  return true;
}
