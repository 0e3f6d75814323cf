import { ManifestError } from '../../batch/manifest/manifest-error.js';
import type { FailureContext } from '../../jobs/failures.js';
import { defined } from '../../jobs/defined.js';
import { ResultStoreError } from '../../results/result-store.js';
import { documentFailure, troubleFailure } from '../failures.js';

/** Attempts in which a manifest may be found changed, or gone, before it is given up. */
const ATTEMPTS = 5;
const MEND = 'Mend the manifest and start the batch again: nothing was started.';

/**
 * What an activity of a batch throws for an error: what may pass by itself is retried. The store's refusal has no job id: it is the record's.
 * @param attempt of the activity, from 1.
 */
export function batchFailure(error: unknown, about: FailureContext, attempt: number): unknown {
  if (error instanceof ManifestError) {
    const { message: reason, field, facts } = error;
    const mayPass = facts.mayPass === true && attempt < ATTEMPTS && !(facts.absent === true && attempt === 1);
    if (mayPass) return troubleFailure(`the manifest: ${reason}`, { ...about, reason });
    const details = { ...about, reason, field, ...defined({ line: facts.line }) };
    return documentFailure('DocumentBatchManifestInvalid', `${field}: ${reason}. ${MEND}`, details);
  }
  if (error instanceof ResultStoreError) {
    const reason = error.message;
    if (error.retryable) return troubleFailure(reason, { ...about, reason });
    return documentFailure('DocumentResultStoreRefused', `${reason}: mend the store, then redrive the batch`, {
      ...about,
      reason,
      jobId: '',
    });
  }
  return error;
}
