import type { FailureContext } from '../jobs/failures.js';
import type { JobRef, ResultRef } from '../jobs/types.js';
import { resultKey } from '../results/result-key.js';
import { ResultStoreError, type ResultStore } from '../results/result-store.js';
import { documentFailure, troubleFailure } from './failures.js';
import type { Heart } from './heart.js';

/** Retried by Temporal after this; the attempt's limit leaves ten minutes to collect in. */
const PATIENCE_MS = 3 * 60_000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;

/**
 * Puts a job's whole body into the store, once for all attempts. A store that may recover is asked again for a while.
 * @throws DocumentResultStoreRefused when trying again can't help, a retryable failure when the store stays in trouble.
 */
export async function storeBody(
  store: ResultStore,
  job: JobRef,
  body: unknown,
  heart: Heart,
  patienceMs = PATIENCE_MS,
): Promise<ResultRef> {
  const key = resultKey(job);
  const bytes = Buffer.from(JSON.stringify(body ?? null), 'utf8');
  const contentType = 'application/json';
  let waited = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      const facts = await store.put(key, bytes, contentType);
      return { key, ...facts };
    } catch (error) {
      const about: FailureContext = { ...job, reason: reasonOf(error) };
      if (error instanceof ResultStoreError && !error.retryable) throw storeRefused(job, about);
      if (waited >= patienceMs) throw troubleFailure(`the result store is in trouble: ${about.reason}`, about);
    }
    await heart.rest(pause);
    waited += pause;
  }
}

function storeRefused(job: JobRef, about: FailureContext): Error {
  return documentFailure(
    'DocumentResultStoreRefused',
    `${job.operation} job ${job.jobId} is done and paid, but the result store refuses its result: ${about.reason}. ` +
      'Mend the store, then attach to the job by its id while the vendor keeps the result.',
    { ...about, jobId: job.jobId },
  );
}

/** Only our own error type is known to hold no secrets. */
function reasonOf(error: unknown): string {
  if (error instanceof ResultStoreError) return error.message;
  return error instanceof Error ? error.name : 'unknown error';
}
