import type { FootprintJob } from '../../histories/footprint.js';
import type { JobRef } from '../../jobs/types.js';
import type { Provider } from '../../providers/provider.js';
import { VendorError } from '../../providers/vendor-error.js';
import type { Heart } from '../heart.js';
import { type Reading, readJob } from '../read-job.js';
import { type Finding, leftoverOf } from './finding.js';

/** How long a job that was cancelled is asked whether it has stopped, ms; then again at the next attempt. */
const STOP_MS = 30_000;
const LOOK_EVERY_MS = 1_000;

export interface Erasing {
  heart: Heart;
  signal: AbortSignal;
  now: () => Promise<number>;
}

/**
 * Has the vendor erase what it keeps of a job, and makes sure. A job that still runs, because its workflow was terminated, is cancelled first:
 * what a deletion does to a running job no vendor says, and one that finished later would leave a new result.
 * @throws VendorError when the vendor refuses or is in trouble.
 */
export async function eraseJob(
  { heart, signal, now }: Erasing,
  provider: Provider,
  { job, endedAt }: Pick<FootprintJob, 'job' | 'endedAt'>,
): Promise<Finding> {
  const reading = await readable(provider, job, signal);
  if (reading.kind === 'absent') return { state: 'absent' };
  if (isRunning(reading)) await stop(provider, job, heart, signal);
  if (provider.deleteJob === undefined) {
    if (reading.kind === 'read' && reading.read.snapshot.status === 'expired') return { state: 'absent' };
    const told = reading.kind === 'read' ? reading.read.snapshot.completedAt : undefined;
    const end = told ?? endedAt;
    return leftoverOf(provider.leftovers, end === null ? null : Date.parse(end), await now());
  }
  const wasKnown = await provider.deleteJob(job.jobId, { signal });
  // A vendor may take the order and carry it out later: what counts is that it serves nothing any more.
  const after = await readable(provider, job, signal);
  if (after.kind === 'read' && after.read.body !== undefined) {
    throw trouble(`${provider.name} has taken the deletion of ${job.jobId} and still serves its result`);
  }
  return { state: wasKnown ? 'erased' : 'absent', at: new Date(await now()).toISOString() };
}

/** A status that can't be understood is no reason to leave a result where it is. @throws VendorError for all other trouble. */
async function readable(provider: Provider, job: JobRef, signal: AbortSignal): Promise<Reading> {
  const reading = await readJob(provider, job, signal);
  if (reading.kind === 'trouble' && reading.error.kind !== 'invalid_reply') throw reading.error;
  return reading;
}

const isRunning = (reading: Reading): boolean =>
  reading.kind === 'read' && (reading.read.snapshot.status === 'queued' || reading.read.snapshot.status === 'running');

async function stop(provider: Provider, job: JobRef, heart: Heart, signal: AbortSignal): Promise<void> {
  await provider.cancel(job.jobId, { signal });
  for (let waited = 0; waited < STOP_MS; waited += LOOK_EVERY_MS) {
    if (!isRunning(await readable(provider, job, signal))) return;
    await heart.rest(LOOK_EVERY_MS);
  }
  throw trouble(`${job.jobId} was cancelled and still runs`);
}

const trouble = (reason: string): VendorError =>
  new VendorError({ kind: 'server', endpoint: 'forget', reason, sent: true });
