import { ApplicationFailure } from '@temporalio/common';
import type { FailureContext } from '../jobs/failures.js';
import type { JobRef, ResultRef } from '../jobs/types.js';
import { VendorError } from '../providers/vendor-error.js';
import { resultKey } from '../results/result-key.js';
import { ResultStoreError, type ObjectBody, type ResultStore } from '../results/result-store.js';
import { tidySpool } from '../results/spool-folder.js';
import { documentFailure, reasonOf, troubleFailure } from './failures.js';
import type { Heart } from './heart.js';

/** Retried by Temporal after this; the attempt's limit leaves ten minutes to collect in. */
const PATIENCE_MS = 3 * 60_000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;

const JSON_TYPE = 'application/json';

/** The store, with the patience that a job's result deserves. */
export interface PatientStore {
  store: ResultStore;
  job: JobRef;
  heart: Heart;
  /** How long a store in trouble is asked again, ms. Default 3 minutes. */
  patienceMs?: number;
  /** Go on although the activity is cancelled: what is not stored now is lost. */
  inSpiteOfCancel?: boolean;
}

/**
 * Puts a job's whole body into the store, once for all attempts.
 * @param body opens the bytes; asked again for each try.
 * @throws DocumentResultStoreRefused when trying again can't help, a retryable failure when the store stays in trouble.
 */
export async function storeBody(patient: PatientStore, body: () => ObjectBody): Promise<ResultRef> {
  const key = resultKey(patient.job);
  const { size, sha256, contentType } = await patiently(patient, () => patient.store.put(key, body(), JSON_TYPE));
  return { key, size, sha256, contentType };
}

/** The body that an earlier attempt has stored. @returns null when there is none. */
export async function storedBody(patient: PatientStore): Promise<ResultRef | null> {
  const key = resultKey(patient.job);
  const facts = await patiently(patient, () => patient.store.head(key));
  // Whoever stored it may have died before it removed the copy on its disk.
  if (facts !== null) await tidySpool();
  return facts === null ? null : { key, size: facts.size, sha256: facts.sha256, contentType: facts.contentType };
}

/** Asks a store that may recover again for a while. What is no trouble of the store's own is thrown as it is. */
export async function patiently<T>(
  { job, heart, patienceMs = PATIENCE_MS, inSpiteOfCancel }: PatientStore,
  work: () => Promise<T>,
): Promise<T> {
  let waited = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof VendorError || error instanceof ApplicationFailure) throw error;
      const reason = reasonOf(error);
      const about: FailureContext = { ...job, reason };
      if (error instanceof ResultStoreError && !error.retryable) throw storeRefused(job, about);
      if (waited >= patienceMs) throw troubleFailure(storeInTrouble(reason), about);
    }
    await heart.rest(pause, inSpiteOfCancel);
    waited += pause;
  }
}

const storeInTrouble = (reason: string): string =>
  `the result store is in trouble: ${reason}. Mend it; it is tried again, and the job is not submitted again.`;

function storeRefused(job: JobRef, about: FailureContext): Error {
  return documentFailure(
    'DocumentResultStoreRefused',
    `${job.operation} job ${job.jobId} is done and paid, but the result store refuses its result: ${about.reason}. ` +
      'Mend the store, then attach to the job by its id while the vendor keeps the result.',
    { ...about, jobId: job.jobId },
  );
}
