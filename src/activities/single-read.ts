import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { ResultRef } from '../jobs/types.js';
import type { InterpretedResult, JobBody } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { readObject } from '../results/read-object.js';
import { claimKey, resultKey } from '../results/result-key.js';
import { spoolFolder } from '../results/spool-folder.js';
import { type TemporaryFile, writeTemporary } from '../results/temporary-files.js';
import { WatchedBody } from '../results/watched-body.js';
import { reasonOf } from './failures.js';
import { patiently, type PatientStore, storeBody, storedBody } from './store-body.js';

/** Whoever reads a single-read body says so first, and leaves what the status read told of it: afterwards the vendor may not tell it again. */
export interface Claim {
  /** Which attempt of which activity. */
  holder: string;
  known?: InterpretedResult;
}

type SingleRead = Extract<JobBody, { kind: 'single_read' }>;

/** How long a claim's holder may take to finish before it is thought dead, ms. */
const HOLDER_PATIENCE_MS = 60_000;
/** And how long it may take when the vendor says that somebody has read the body. */
const SLOW_HOLDER_MS = 5 * 60_000;
/** A store in trouble is asked so long when the vendor can't be asked again; the attempt's limit leaves ten minutes. */
const LAST_COPY_PATIENCE_MS = 8 * 60_000;
const LOOK_EVERY_MS = 1_000;

interface SingleReadBy {
  /** Which attempt of which activity. */
  holder: string;
  /**
   * When another's claim has come to nothing: ask the vendor all the same, which serves a body that was never read. A cancel never does, since the
   * claim's holder may still live.
   */
  mayOpenClaimed: boolean;
}

/** Lets the bytes of one try pass by whoever wants to see them. */
type Passing = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/**
 * Copies a body that the vendor serves once: claim, download to disk, store.
 * @throws VendorError `consumed` when the vendor no longer serves it and nobody has stored it.
 */
export async function keepSingleRead(
  patient: PatientStore,
  body: SingleRead,
  { holder, mayOpenClaimed }: SingleReadBy,
  passing: Passing,
): Promise<ResultRef> {
  const earlier = await storedBody(patient);
  if (earlier !== null) return earlier;
  const claim = await claimBody(patient, { holder, ...(body.known === undefined ? {} : { known: body.known }) });
  if (claim.holder !== holder) {
    const theirs = await awaitHolder(patient);
    if (theirs !== null) return theirs;
    if (!mayOpenClaimed) throw consumed('another attempt has claimed it and not stored it');
  }
  try {
    return await download(patient, body, passing);
  } catch (error) {
    const isSpent = error instanceof VendorError && error.kind === 'consumed';
    // A holder that was thought dead may only have been slow: it has the body then.
    if (!isSpent || claim.holder === holder) throw error;
    const theirs = await awaitHolder(patient, SLOW_HOLDER_MS);
    if (theirs !== null) return theirs;
    // It died while it wrote, and nobody will put this key again.
    await patient.store.tidy?.(resultKey(patient.job)).catch(() => undefined);
    throw error;
  }
}

/** The claim on a job's body. @returns null when nobody has claimed it. */
export async function readClaim(patient: PatientStore): Promise<Claim | null> {
  const bytes = await patiently(patient, () => readObject(patient.store, claimKey(patient.job)));
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as Claim);
}

/** The store is write-once, so that of several claims the first one stays. @returns the one that holds. */
async function claimBody(patient: PatientStore, mine: Claim): Promise<Claim> {
  const bytes = Buffer.from(JSON.stringify(mine));
  await patiently(patient, () => patient.store.put(claimKey(patient.job), bytes, 'application/json'));
  return (await readClaim(patient)) ?? mine;
}

async function awaitHolder(patient: PatientStore, patienceMs = HOLDER_PATIENCE_MS): Promise<ResultRef | null> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const stored = await storedBody(patient);
    if (stored !== null || waited >= patienceMs) return stored;
    await patient.heart.rest(LOOK_EVERY_MS);
  }
}

/** By way of this host's disk, so that a store in trouble can be asked again when the vendor can't. There is room for it before it is opened. */
async function download(patient: PatientStore, body: SingleRead, passing: Passing): Promise<ResultRef> {
  const folder = await spoolFolder().catch((error: unknown) => {
    throw diskTrouble(error, 'the result was not asked for');
  });
  const { path } = await toDisk(folder, body);
  try {
    const lasting = { ...patient, inSpiteOfCancel: true, patienceMs: LAST_COPY_PATIENCE_MS };
    return await storeBody(lasting, () => passing(bytesIn(path))).catch((error: unknown) => {
      throw consumed(`it was read, but not kept: ${reasonOf(error)}`);
    });
  } finally {
    // What can't be removed now the next process tidies away: the outcome counts.
    await rm(path, { force: true }).catch(() => undefined);
  }
}

async function toDisk(folder: string, single: SingleRead): Promise<TemporaryFile> {
  let isOpen = false;
  async function* opened(): AsyncGenerator<Uint8Array> {
    const bytes = await single.open({});
    isOpen = true;
    yield* bytes;
  }
  const body = new WatchedBody(opened());
  try {
    return await writeTemporary(folder, body);
  } catch (error) {
    if (!body.threw(error)) throw diskTrouble(error, 'a download that is broken off may be served again');
    // What is too large now is so the next time, and may be spent by then. A URL that was refused was not asked for.
    if (isOpen && error instanceof VendorError && error.kind === 'invalid_reply') throw consumed(error.facts.reason);
    throw error;
  } finally {
    await body.giveUp();
  }
}

/** Opened when it is first read: a store that refuses before would leave the file open, and its errors would be nobody's and end the process. */
async function* bytesIn(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path) as AsyncIterable<Uint8Array>;
}

/** Asked again: the disk may have room by then, or another worker's turn may come. */
function diskTrouble(error: unknown, sequel: string): VendorError {
  const code = (error as { code?: string }).code ?? 'unknown error';
  const reason = `this worker can't write to its temporary folder (${code}); ${sequel}`;
  return new VendorError({ kind: 'unreachable', endpoint: ENDPOINT, reason, sent: false });
}

const ENDPOINT = 'single-read result';

const consumed = (reason: string): VendorError =>
  new VendorError({ kind: 'consumed', endpoint: ENDPOINT, reason, sent: false });
