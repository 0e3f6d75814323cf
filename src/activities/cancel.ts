import { Context } from '@temporalio/activity';
import type { CancelInput, CancelOutput, DocumentActivities } from '../jobs/activities.js';
import type { JobRef, Outcome } from '../jobs/types.js';
import type { JobRead, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { findAccount } from './account.js';
import type { ActivityDeps } from './activity-deps.js';
import { attemptName } from './attempt-name.js';
import { troubleFailure } from './failures.js';
import { type Heart, startHeart } from './heart.js';
import { earlierBody, type KeptBody, keepBody } from './keep-body.js';
import { recordEnd } from './metrics.js';
import { hasNoResult, type Reading, readJob } from './read-job.js';

/** What an attempt leaves for the next one. */
interface CancelBeat {
  jobId: string;
  lastStatus: string | null;
  reads: number;
}

/** `asked`: the vendor took the cancel or refused it for good; `gone`: it does not know the job; `failed`: ask again. */
type Asked = 'asked' | 'gone' | 'failed';

const FIRST_GAP_MS = 200;
const GROWTH = 1.6;
const MAX_GAP_MS = 2_000;
/** A vendor that asks for peace is waited for past the time to settle, but no longer than this. */
const LONGER_PEACE_MS = 60_000;
/** The outcome matters more than the body, and whoever cancelled waits for it. */
const STORE_PATIENCE_MS = 15_000;

/**
 * `cancelDocumentJob`: asks the vendor to cancel, then reads until the truth is known or `settleMs` has passed. The answer to the cancel
 * itself says nothing; a job that was faster is `completed_anyway` and its body is kept. Asking twice does no harm.
 */
export function createCancel(deps: ActivityDeps): DocumentActivities['cancelDocumentJob'] {
  return async (input) => {
    const context = Context.current();
    const { job } = input;
    const earlier = context.info.heartbeatDetails as Partial<CancelBeat> | undefined;
    const beat: CancelBeat = {
      jobId: job.jobId,
      lastStatus: earlier?.lastStatus ?? null,
      reads: earlier?.reads ?? 0,
    };
    const heart = startHeart(context, deps.clock, () => beat);
    heart.beat();
    try {
      const provider = await findAccount(deps.accounts, job, job);
      const end = await cancelAndSettle(deps, context, provider, input, beat, heart);
      recordEnd(context, job, end.outcome, end.usage);
      return end;
    } finally {
      heart.stop();
    }
  };
}

/** @throws a failure that Temporal retries when the vendor could not be told. */
export async function cancelAndSettle(
  deps: ActivityDeps,
  context: Context,
  provider: Provider,
  { job, settleMs }: CancelInput,
  beat: CancelBeat,
  heart: Heart,
): Promise<CancelOutput> {
  const signal = context.cancellationSignal;
  const startedAt = await deps.clock.elapsed();
  let asked: Asked = 'failed';
  for (let gapMs = FIRST_GAP_MS; ; gapMs = Math.min(gapMs * GROWTH, MAX_GAP_MS)) {
    if (asked === 'failed') asked = await askToCancel(provider, job, signal);
    const reading = await readJob(provider, job, signal, { urgent: true });
    beat.reads += 1;
    const outcome = reading.kind === 'read' ? outcomeOf(reading.read) : null;
    // That the cancel worked is the rule: no reason to ask the store.
    if (hasNoResult(reading) && outcome !== 'cancelled') {
      const kept = await keptEarlier(deps, provider, job, heart);
      if (kept !== null) return output('completed_anyway', beat, undefined, kept);
    }
    if (reading.kind === 'read') {
      const { read } = reading;
      beat.lastStatus = read.snapshot.vendorStatus;
      if (outcome !== null) {
        const kept =
          outcome === 'completed_anyway' ? await keepIfPossible(deps, context, provider, job, read, heart) : null;
        return output(outcome, beat, read, kept);
      }
    }
    const leftMs = settleMs - ((await deps.clock.elapsed()) - startedAt);
    if (reading.kind === 'absent' && asked === 'gone') return output('unknown', beat);
    const peaceMs = peaceAsked(reading);
    if (leftMs <= 0 || peaceMs > leftMs + LONGER_PEACE_MS) {
      // Closing now would leave a job that bills: Temporal tries again, for as long as the workflow allows.
      if (asked === 'failed')
        throw troubleFailure(
          `${job.operation} ${job.jobId}: the vendor could not be told to cancel`,
          job,
          peaceMs || undefined,
        );
      return output('unknown', beat);
    }
    await heart.rest(Math.max(Math.min(Math.round(gapMs), leftMs), peaceMs));
  }
}

/** How long the vendor does not want to be read, ms. */
function peaceAsked(reading: Reading): number {
  if (reading.kind !== 'trouble') return 0;
  const { kind, facts } = reading.error;
  return Math.max(facts.retryAfterMs ?? 0, kind === 'rate_limited' ? MAX_GAP_MS : 0);
}

/** What the vendor no longer has, or denies, an earlier attempt may have brought home. */
async function keptEarlier(
  deps: ActivityDeps,
  provider: Provider,
  job: JobRef,
  heart: Heart,
): Promise<KeptBody | null> {
  const patient = { store: deps.results, job, heart, patienceMs: STORE_PATIENCE_MS };
  return earlierBody(patient, provider).catch(() => null);
}

async function askToCancel(provider: Provider, job: JobRef, signal: AbortSignal): Promise<Asked> {
  try {
    return (await provider.cancel(job.jobId, { signal, urgent: true })) ? 'asked' : 'gone';
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof VendorError)) throw error;
    // Refused for good, for example because the job has ended: the reads tell. A body that we can't read was an answer all the same.
    return error.kind === 'rejected' || error.kind === 'invalid_reply' ? 'asked' : 'failed';
  }
}

function outcomeOf({ snapshot }: JobRead): Outcome | null {
  switch (snapshot.status) {
    case 'completed':
      return 'completed_anyway';
    case 'failed':
    case 'cancelled':
      return snapshot.status;
    case 'expired':
      return 'unknown';
    default:
      return null;
  }
}

/** Keeps a body that is paid for. Trouble with it must not hide the outcome: then only the reference to it is missing. */
async function keepIfPossible(
  deps: ActivityDeps,
  context: Context,
  provider: Provider,
  job: JobRef,
  { body }: JobRead,
  heart: Heart,
): Promise<KeptBody | null> {
  if (body === undefined) return null;
  const patient = { store: deps.results, job, heart, patienceMs: STORE_PATIENCE_MS };
  try {
    return await keepBody(patient, provider, body, { holder: attemptName(context), mayOpenClaimed: false });
  } catch {
    context.cancellationSignal.throwIfAborted();
    return null;
  }
}

function output(outcome: Outcome, beat: CancelBeat, read?: JobRead, kept: KeptBody | null = null): CancelOutput {
  const { pages = null, credits = null } = read?.usage ?? {};
  const own = kept?.interpreted.usage;
  return {
    outcome,
    vendorStatus: beat.lastStatus,
    usage: { pages: own?.pages ?? pages, credits: own?.credits ?? credits },
    reads: beat.reads,
    ...(kept === null ? {} : { stored: kept.stored }),
  };
}
