import type { ResultRef } from '../jobs/types.js';
import type { InterpretedResult, JobBody, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { openResult } from '../results/open-result.js';
import type { ObjectBody } from '../results/result-store.js';
import { sha256 } from '../results/sha256.js';
import { type BodyReader, passingBy, type ReadBody, readBody, readValue, summaryOf } from './body-reader.js';
import { copyAssets } from './copy-assets.js';
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
  /** The files that the body names, too. */
  copyAssets?: boolean;
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
  by: KeepBy,
): Promise<KeptBody> {
  const { stored, read } = await storeAndRead(patient, provider, body, by);
  return finish(patient, provider, stored, read ?? (await readBack(patient, provider, stored)), by);
}

/** What an earlier attempt has kept of a job that the vendor may no longer know. @returns null when there is nothing. */
export async function earlierBody(
  patient: PatientStore,
  provider: Provider,
  by: Pick<KeepBy, 'copyAssets'> = {},
): Promise<KeptBody | null> {
  const stored = await storedBody(patient);
  if (stored === null) return null;
  const known = (await readClaim(patient))?.known;
  return finish(patient, provider, stored, await readBack(patient, provider, stored, known), by);
}

interface StoredAndRead {
  stored: ResultRef;
  /** Null when it has to be read from the store, since another's body is there. */
  read: ReadBody | null;
}

async function storeAndRead(
  patient: PatientStore,
  provider: Provider,
  body: JobBody,
  by: KeepBy,
): Promise<StoredAndRead> {
  let reader = readBody(provider, patient.job);
  /** Each try reads anew. */
  const passing = (bytes: AsyncIterable<Uint8Array>): ObjectBody =>
    passingBy(bytes, (reader = readBody(provider, patient.job)));
  // Nothing here is to be broken off: the body is paid, and the vendor's clock runs.
  switch (body.kind) {
    case 'single_read': {
      const stored = await keepSingleRead(patient, body, by, (bytes) =>
        leniently(bytes, (reader = readBody(provider, patient.job))),
      );
      return { stored, read: told(body.known, reader.read) };
    }
    case 'stream': {
      const stored = await storeBody(patient, () => passing(opened(body)));
      // Of a parse nothing is taken from the body that another copy of it would not say too.
      return { stored, read: reader.read };
    }
    case 'json': {
      const value = (await body.load({})) ?? null;
      const bytes = Buffer.from(JSON.stringify(value), 'utf8');
      const read = readValue(provider, patient.job, value, bytes);
      const stored = await storeBody(patient, () => bytes);
      // What was there first stays: a vendor that says something else now does not give the job a second result.
      return { stored, read: stored.sha256 === sha256(bytes) ? read : null };
    }
  }
}

async function finish(
  patient: PatientStore,
  provider: Provider,
  stored: ResultRef,
  { interpreted, assets }: ReadBody,
  by: Pick<KeepBy, 'copyAssets'>,
): Promise<KeptBody> {
  const summary = summaryOf(assets);
  if (summary === undefined) return { stored, interpreted };
  const open = by.copyAssets === true ? provider.openAsset?.bind(provider) : undefined;
  const copied = open === undefined ? {} : await copyAssets(patient, open, assets);
  return { stored: { ...stored, assets: { ...summary, ...copied } }, interpreted };
}

/** What a status read told counts; a body that it told of need not be understood. */
function told(known: InterpretedResult | undefined, read: ReadBody | null): ReadBody | null {
  return known === undefined ? read : { interpreted: known, assets: read?.assets ?? [] };
}

async function readBack(
  patient: PatientStore,
  provider: Provider,
  stored: ResultRef,
  known?: InterpretedResult,
): Promise<ReadBody> {
  try {
    const read = await patiently(patient, async () => {
      const reader = readBody(provider, patient.job);
      for await (const piece of await openResult(patient.store, stored)) reader.push(piece);
      reader.end();
      return reader.read as ReadBody;
    });
    return told(known, read) as ReadBody;
  } catch (error) {
    const read = error instanceof VendorError ? told(known, null) : null;
    if (read === null) throw error;
    return read;
  }
}

/** Opened when it is first read, and again for each try. */
async function* opened(body: Extract<JobBody, { kind: 'stream' }>): AsyncGenerator<Uint8Array> {
  yield* await body.open({});
}

/** What can't be understood passes by all the same. */
async function* leniently(bytes: AsyncIterable<Uint8Array>, reader: BodyReader): AsyncGenerator<Uint8Array> {
  let isUnderstood = true;
  const attempt = (work: () => void): void => {
    try {
      if (isUnderstood) work();
    } catch {
      isUnderstood = false;
    }
  };
  for await (const piece of bytes) {
    attempt(() => reader.push(piece));
    yield piece;
  }
  attempt(() => reader.end());
}
