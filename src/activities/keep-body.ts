import type { ResultRef } from '../jobs/types.js';
import type { InterpretedResult, JobBody, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { sha256 } from '../results/sha256.js';
import { keepSingleRead, readClaim } from './single-read.js';
import { patiently, type PatientStore, storeBody, storedBody } from './store-body.js';

/** A finished body that is safe in the store, and what it says. */
export interface KeptBody {
  stored: ResultRef;
  interpreted: InterpretedResult;
}

export interface KeepBy {
  /** Which attempt of which activity. */
  holder: string;
  /** See {@link keepSingleRead}. */
  mayOpenClaimed: boolean;
}

/**
 * Copies a completed job's body into the store.
 * @throws VendorError when the vendor does not give it, `invalid_reply` for one that can't be read: that one is not stored, the key is for
 * the good one (apart from a single read, of which there is no better one).
 */
export async function keepBody(
  patient: PatientStore,
  provider: Provider,
  body: JobBody,
  { holder, mayOpenClaimed }: KeepBy,
): Promise<KeptBody> {
  const { job } = patient;
  if (body.kind === 'single_read') {
    const stored = await keepSingleRead(patient, body, holder, mayOpenClaimed);
    return { stored, interpreted: body.known ?? (await readBack(patient, provider, stored)) };
  }
  // Not to be broken off: the body is paid, and the vendor's clock runs.
  const value = (await body.load({})) ?? null;
  const interpreted = provider.interpret(job.operation, job.jobId, value);
  if (job.operation === 'parse' && interpreted.reference === undefined) throw noReference();
  const bytes = Buffer.from(JSON.stringify(value), 'utf8');
  const stored = await storeBody(patient, () => bytes);
  // What was there first stays: a vendor that says something else now does not give the job a second result.
  const isFirst = stored.sha256 === sha256(bytes);
  return { stored, interpreted: isFirst ? interpreted : await readBack(patient, provider, stored) };
}

/** What an earlier attempt has kept of a job that the vendor may no longer know. @returns null when there is nothing. */
export async function earlierBody(patient: PatientStore, provider: Provider): Promise<KeptBody | null> {
  const stored = await storedBody(patient);
  if (stored === null) return null;
  const claim = await readClaim(patient);
  return { stored, interpreted: claim?.known ?? (await readBack(patient, provider, stored)) };
}

async function readBack(patient: PatientStore, provider: Provider, { key }: ResultRef): Promise<InterpretedResult> {
  const { store, job } = patient;
  const bytes = await patiently(patient, () => store.get(key));
  if (bytes === null) throw invalid('', 'the stored body is gone');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw invalid('', 'the stored body is no JSON');
  }
  const interpreted = provider.interpret(job.operation, job.jobId, value);
  if (job.operation === 'parse' && interpreted.reference === undefined) throw noReference();
  return interpreted;
}

const noReference = (): VendorError => invalid('reference', 'no durable reference in it');

const invalid = (field: string, reason: string): VendorError =>
  new VendorError({ kind: 'invalid_reply', endpoint: 'finished result', field, reason, sent: true });
