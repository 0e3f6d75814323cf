import { Context } from '@temporalio/activity';
import type { DocumentActivities, PollInput, PollOutput } from '../jobs/activities.js';
import type { JobSnapshot } from '../jobs/types.js';
import type { Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { findAccount } from './account.js';
import type { ActivityDeps } from './activity-deps.js';
import { refusalOf, replyInvalid } from './failures.js';
import { type Heart, startHeart } from './heart.js';
import { completedEarlier, DONE_AND_PAID, endOf } from './job-ending.js';
import { recordWebhook } from './metrics.js';
import { LEAST_GAP_MS, pollGap } from './poll-gap.js';
import { hasNoResult, isDone, readJob } from './read-job.js';

/** What an attempt leaves for the next one and for whoever describes the workflow. */
interface PollBeat {
  jobId: string;
  lastStatus: string | null;
  progress: number | null;
  reads: number;
}

/** Between a first "not found" of a job that existed and the second look that decides. */
const ABSENT_AGAIN_MS = 2_000;
/** A completed job whose body can't be understood is read so often: what came may have been cut off on the way. */
const UNREADABLE_AGAIN = 3;
/**
 * `pollDocumentJob`: reads the job's state until it has ended or the window closes, and copies a finished result at once. Whatever
 * the vendor or the network does meanwhile is waited out. It never cancels the vendor's job: from in here, a cancelled workflow can't be
 * told from an attempt that will be retried.
 */
export function createPoll(deps: ActivityDeps): DocumentActivities['pollDocumentJob'] {
  return async (input) => {
    const context = Context.current();
    const { job } = input;
    const earlier = context.info.heartbeatDetails as Partial<PollBeat> | undefined;
    const beat: PollBeat = {
      jobId: job.jobId,
      lastStatus: earlier?.lastStatus ?? null,
      progress: earlier?.progress ?? null,
      reads: earlier?.reads ?? 0,
    };
    const heart = startHeart(context, deps.clock, () => beat);
    // A single read is over before anybody could miss a beat, and would cost twice as much with one.
    if (input.windowMs > 0) heart.beat();
    try {
      const provider = await findAccount(deps.accounts, job, job);
      const output = await pollWindow(deps, context, provider, input, beat, heart);
      const learned = deps.webhooks.learn(input, output, await deps.clock.now());
      if (learned !== null) recordWebhook(context, job, learned.outcome, learned.ageMs);
      return output;
    } finally {
      heart.stop();
    }
  };
}

async function pollWindow(
  deps: ActivityDeps,
  context: Context,
  provider: Provider,
  input: PollInput,
  beat: PollBeat,
  heart: Heart,
): Promise<PollOutput> {
  const { clock } = deps;
  const spentMs = await spentByEarlierAttempts(deps, context, input.windowMs);
  const openedAt = (await clock.elapsed()) - spentMs;
  let snapshot: JobSnapshot | null = null;
  let troubles = 0;
  let absences = 0;
  let unreadable = 0;
  let seenMs = input.seenMs ?? 0;
  let mayBeKept = context.info.attempt > 1;
  for (;;) {
    const reading = await readJob(provider, input.job, context.cancellationSignal);
    beat.reads += 1;
    const sinceOpen = (await clock.elapsed()) - openedAt;
    const elapsedMs = input.elapsedMs + sinceOpen;
    let trouble: VendorError | undefined;
    // A vendor that still says that it is done says its price, too.
    if (hasNoResult(reading) || (mayBeKept && !isDone(reading))) {
      const brief = hasNoResult(reading) ? {} : { patienceMs: 0 };
      const end = await completedEarlier(deps, provider, input, beat, heart, brief);
      if (end !== null) return { ...end, reads: beat.reads };
    }
    mayBeKept = false;
    if (reading.kind === 'absent') {
      const wasSeen = !input.neverSeen || beat.lastStatus !== null;
      if (!wasSeen) return { state: 'not_found', reads: beat.reads };
      // Once may be a replica that lags, or a proxy.
      absences += 1;
      if (absences > 1) return { state: 'lost', reads: beat.reads };
      await heart.rest(ABSENT_AGAIN_MS);
      continue;
    }
    absences = 0;
    if (reading.kind === 'trouble') {
      trouble = reading.error;
      const refusal = input.failOnRefusedKey && trouble.kind === 'auth' ? refusalOf(trouble, input.job) : null;
      if (refusal !== null) throw refusal;
    } else {
      snapshot = reading.read.snapshot;
      beat.lastStatus = snapshot.vendorStatus;
      beat.progress = snapshot.progress;
      const end = await endOf(deps, context, provider, input, reading.read, { elapsedMs, seenMs }, heart);
      if (end instanceof VendorError) trouble = end;
      else if (end !== null) return { ...end, reads: beat.reads };
      else seenMs = elapsedMs;
    }
    if (snapshot?.status === 'completed' && trouble?.kind === 'invalid_reply') {
      unreadable += 1;
      if (unreadable >= UNREADABLE_AGAIN) throw replyInvalid(trouble, input.job, DONE_AND_PAID);
      await heart.rest(ABSENT_AGAIN_MS);
      continue;
    }
    troubles = trouble === undefined ? 0 : troubles + 1;
    const leftMs = input.windowMs - sinceOpen;
    const retryAfterMs = trouble?.facts.retryAfterMs ?? 0;
    const gapMs = pollGap({ elapsedMs, troubles, jitter: Math.random(), retryAfterMs });
    // The window's last read is at its end, unless that is sooner than this job may be read again.
    const peaceMs = trouble?.kind === 'rate_limited' ? gapMs : Math.max(retryAfterMs, LEAST_GAP_MS);
    const forbidden = peaceMs > leftMs;
    if (leftMs > 0) await heart.rest(Math.min(gapMs, leftMs));
    if (leftMs > 0 && !forbidden) continue;
    const stillMs = peaceMs - Math.max(leftMs, 0);
    return {
      state: 'pending',
      snapshot,
      reads: beat.reads,
      ...(trouble === undefined ? {} : { trouble: trouble.message, retryAfterMs: stillMs }),
    };
  }
}

/** A window that a dead worker left half open closes when it should have: the workflow's deadlines count on that. */
async function spentByEarlierAttempts(deps: ActivityDeps, { info }: Context, windowMs: number): Promise<number> {
  if (info.attempt === 1) return 0;
  const spent = (await deps.clock.now()) - info.scheduledTimestampMs;
  return Math.min(Math.max(spent, 0), windowMs);
}
