import type { Context } from '@temporalio/activity';
import type { PollInput, PollOutput } from '../jobs/activities.js';
import { findDocumentFailure, JOB_IS_DONE } from '../jobs/failures.js';
import type { JobRef, JobSnapshot } from '../jobs/types.js';
import type { JobRead, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import type { ActivityDeps } from './activity-deps.js';
import { attemptName } from './attempt-name.js';
import { collectResult } from './collect.js';
import { durationOf, type SeenCompletion } from './expected-durations.js';
import { documentFailure, isTrouble, replyInvalid } from './failures.js';
import type { Heart } from './heart.js';
import { earlierBody, keepBody } from './keep-body.js';
import { recordDurationError, recordEnd, recordUncopiedAge, recordVendorTime } from './metrics.js';

/** How a job ended, seen from one read. */
export type JobEnding = WithoutReads<Exclude<PollOutput, { state: 'pending' }>>;
/** `Omit` on each member of a union. */
type WithoutReads<T> = T extends unknown ? Omit<T, 'reads'> : never;

/** Of a read, since the submit. */
type ReadTimes = Pick<SeenCompletion, 'elapsedMs' | 'seenMs'>;

export const DONE_AND_PAID = 'The job is done and paid: attach to it by its id while the vendor keeps its result.';

const NO_USAGE = { pages: null, credits: null };

/**
 * Counts the job when its window tells how it ended, and one whose result failed. A job that is lost is counted by the cancel that follows, and
 * one that was never found is nobody's.
 */
export async function countingEnd(
  context: Context,
  job: JobRef,
  window: () => Promise<PollOutput>,
): Promise<PollOutput> {
  let end: PollOutput;
  try {
    end = await window();
  } catch (error) {
    if (JOB_IS_DONE.has(findDocumentFailure(error)?.type ?? '')) recordEnd(context, job, 'result_failed', NO_USAGE);
    throw error;
  }
  if (end.state === 'completed') recordEnd(context, job, 'completed', end.result.usage);
  else if (end.state === 'failed') recordEnd(context, job, 'failed', end.usage);
  else if (end.state === 'cancelled') recordEnd(context, job, 'cancelled', NO_USAGE);
  return end;
}

/** What the vendor no longer has, or denies, an earlier attempt may have brought home. */
export async function completedEarlier(
  deps: ActivityDeps,
  provider: Provider,
  { job, collect }: PollInput,
  { lastStatus }: { lastStatus: string | null },
  heart: Heart,
  brief: { patienceMs?: number } = {},
): Promise<JobEnding | null> {
  try {
    const kept = await earlierBody({ store: deps.results, job, heart, ...brief }, provider, collect);
    if (kept === null) return null;
    const result = collectResult(job, kept, kept.interpreted.usage, collect);
    return { state: 'completed', vendorStatus: lastStatus ?? 'gone', result };
  } catch (error) {
    // A store that can't be read says nothing of a job that may never have been.
    if (findDocumentFailure(error)?.type === 'DocumentResultStoreRefused') return null;
    if (brief.patienceMs !== undefined && isTrouble(error)) return null;
    throw error instanceof VendorError ? replyInvalid(error, job, DONE_AND_PAID) : error;
  }
}

/** How the job ended; null while it runs; the error when it is done but its body cannot be understood. */
export async function endOf(
  deps: ActivityDeps,
  context: Context,
  provider: Provider,
  input: PollInput,
  read: JobRead,
  times: ReadTimes,
  heart: Heart,
): Promise<JobEnding | VendorError | null> {
  const { snapshot, usage } = read;
  const { vendorStatus } = snapshot;
  switch (snapshot.status) {
    case 'completed':
      return collected(deps, context, provider, input, read, times, heart);
    case 'failed': {
      const error = snapshot.error ?? { code: null, reason: 'the vendor gave no reason', transient: false };
      return { state: 'failed', vendorStatus, error, usage };
    }
    case 'cancelled':
      return { state: 'cancelled', vendorStatus };
    case 'expired':
      return { state: 'lost' };
    default:
      return null;
  }
}

async function collected(
  deps: ActivityDeps,
  context: Context,
  provider: Provider,
  { job, collect, neverSeen }: PollInput,
  { body, usage, snapshot }: JobRead,
  times: ReadTimes,
  heart: Heart,
): Promise<JobEnding | VendorError> {
  if (body === undefined) throw new TypeError(`${provider.name}: a completed job came without a body`);
  const patient = { store: deps.results, job, heart };
  recordUncopiedAge(context, job, snapshot.completedAt, await deps.clock.now());
  try {
    const kept = await keepBody(patient, provider, body, {
      holder: attemptName(context),
      mayOpenClaimed: true,
      ...collect,
    });
    const result = collectResult(job, kept, usage, collect);
    // An attached job's age is not known: `elapsedMs` began when it was attached.
    if (!neverSeen) learnDuration(deps, context, provider, job, result.usage.pages, snapshot, times);
    return { state: 'completed', vendorStatus: snapshot.vendorStatus, result };
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.kind !== 'consumed') return error;
    const reference = body.kind === 'single_read' ? body.known?.reference : undefined;
    throw resultConsumed(job, error.facts.reason, reference);
  }
}

function learnDuration(
  { expected }: ActivityDeps,
  context: Context,
  provider: Provider,
  job: JobRef,
  pages: number | null,
  snapshot: JobSnapshot,
  times: ReadTimes,
): void {
  const { operation } = job;
  const guessMs = provider.expectedMs(operation, pages);
  const expectedMs = expected.expect(provider.name, operation, pages) ?? guessMs;
  const tookMs = durationOf({ ...times, expectedMs }, snapshot);
  if (tookMs === null) return;
  recordVendorTime(context, job, tookMs);
  const errorMs = expected.observe(provider.name, operation, pages, tookMs, guessMs);
  if (errorMs !== null) recordDurationError(context, job, errorMs);
}

function resultConsumed(job: JobRef, reason: string, reference: string | undefined): Error {
  const stillWorks =
    reference === undefined ? '' : ` Its reference ${reference} still works: only the parsed text is lost.`;
  return documentFailure(
    'DocumentResultConsumed',
    `${job.operation} job ${job.jobId} is done and paid, but its result can be read once only and is gone: ${reason}.` +
      `${stillWorks} To have the result, run the ${job.operation} again; the vendor bills it again.`,
    { ...job, reason, ...(reference === undefined ? {} : { reference }) },
  );
}
