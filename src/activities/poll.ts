import { Context } from '@temporalio/activity';
import type { DocumentActivities, PollInput, PollOutput } from '../jobs/activities.js';
import type { JobSnapshot } from '../jobs/types.js';
import type { ListedJob, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { findAccount } from './account.js';
import type { ActivityDeps } from './activity-deps.js';
import { refusalOf, replyInvalid } from './failures.js';
import { type Heart, startHeart } from './heart.js';
import { completedEarlier, countingEnd, DONE_AND_PAID, endOf } from './job-ending.js';
import { recordRead, recordWaitLag, recordWebhook } from './metrics.js';
import { LEAST_GAP_MS, pollGap } from './poll-gap.js';
import { hasNoResult, isDone, readJob } from './read-job.js';
import { isUrgent, turnsOf } from './shared-reads/turns-of.js';
import { listedSnapshot, type Pause, type Turns } from './shared-reads/turns.js';

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
      const output = await countingEnd(context, job, () => pollWindow(deps, context, provider, input, beat, heart));
      const learned = deps.webhooks.learn(input, output, await deps.clock.now());
      if (learned !== null) recordWebhook(context, job, learned.outcome, learned.ageMs);
      return output;
    } finally {
      heart.stop();
    }
  };
}

/** For a turn under the quota, however little is left of the window. */
const LEAST_PATIENCE_MS = 5_000;

/** What is known of the job while it runs, by its own reads or by the list. */
interface Seen {
  snapshot: JobSnapshot | null;
  /** When it was last seen running, ms since the submit; 0 = never. */
  ms: number;
  /** The list has shown it running since the last read. */
  isListed: boolean;
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
  const seen: Seen = { snapshot: null, ms: input.seenMs ?? 0, isListed: false };
  const sighted = (job: ListedJob, at: number): void => {
    seen.snapshot = listedSnapshot(job, beat.progress);
    seen.ms = Math.max(seen.ms, input.elapsedMs + at - openedAt);
    seen.isListed = true;
    beat.lastStatus = job.vendorStatus;
  };
  const turns = await turnsOf(deps, context, provider, input, spentMs, heart, sighted);
  try {
    return await readInTurns(deps, context, provider, input, beat, heart, turns, seen, openedAt);
  } finally {
    turns.leave();
  }
}

async function readInTurns(
  deps: ActivityDeps,
  context: Context,
  provider: Provider,
  input: PollInput,
  beat: PollBeat,
  heart: Heart,
  turns: Turns,
  seen: Seen,
  openedAt: number,
): Promise<PollOutput> {
  const { clock } = deps;
  const { job } = input;
  let trouble: VendorError | undefined;
  let troubles = 0;
  let absences = 0;
  let unreadable = 0;
  let mayBeKept = context.info.attempt > 1;
  let pause: Pause = { gapMs: 0, peaceMs: 0, leftMs: input.windowMs - ((await clock.elapsed()) - openedAt) };
  for (let again = false; ;) {
    if (!again && !(await turns.next(pause))) return pending(seen, trouble, pause, beat.reads);
    const reading = await readJob(provider, job, context.cancellationSignal, {
      urgent: isUrgent(context, input),
      // While the vendor is away a window waits where it is.
      ...(again || pause.leftMs <= 0 ? {} : { patienceMs: Math.max(pause.leftMs - pause.gapMs, LEAST_PATIENCE_MS) }),
    });
    again = false;
    beat.reads += 1;
    if (reading.kind !== 'trouble' || reading.error.facts.sent) recordRead(context, job, 'single');
    seen.isListed = false;
    const sinceOpen = (await clock.elapsed()) - openedAt;
    const elapsedMs = input.elapsedMs + sinceOpen;
    trouble = undefined;
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
      again = true;
      continue;
    }
    absences = 0;
    if (reading.kind === 'trouble') {
      trouble = reading.error;
      const refusal = input.failOnRefusedKey && trouble.kind === 'auth' ? refusalOf(trouble, job) : null;
      if (refusal !== null) throw refusal;
    } else {
      const { snapshot } = reading.read;
      seen.snapshot = snapshot;
      beat.lastStatus = snapshot.vendorStatus;
      beat.progress = snapshot.progress;
      if (!input.neverSeen) recordWaitLag(context, job, snapshot.completedAt, await clock.now());
      const endedMs = turns.endedAt === null ? elapsedMs : input.elapsedMs + turns.endedAt - openedAt;
      const times = { elapsedMs: endedMs, seenMs: Math.min(seen.ms, endedMs) };
      const end = await endOf(deps, context, provider, input, reading.read, times, heart);
      if (end instanceof VendorError) trouble = end;
      else if (end !== null) return { ...end, reads: beat.reads };
      else seen.ms = elapsedMs;
    }
    if (seen.snapshot?.status === 'completed' && trouble?.kind === 'invalid_reply') {
      unreadable += 1;
      if (unreadable >= UNREADABLE_AGAIN) throw replyInvalid(trouble, job, DONE_AND_PAID);
      await heart.rest(ABSENT_AGAIN_MS);
      again = true;
      continue;
    }
    troubles = trouble === undefined ? 0 : troubles + 1;
    const retryAfterMs = trouble?.facts.retryAfterMs ?? 0;
    const gapMs = pollGap({ elapsedMs, troubles, jitter: Math.random(), retryAfterMs });
    // The window's last read is at its end, unless that is sooner than this job may be read again.
    const peaceMs = trouble?.kind === 'rate_limited' ? gapMs : Math.max(retryAfterMs, LEAST_GAP_MS);
    pause = { gapMs, peaceMs, leftMs: input.windowMs - sinceOpen };
  }
}

/** The window has closed, and the job runs as far as anybody knows. */
function pending(
  { snapshot, isListed }: Seen,
  trouble: VendorError | undefined,
  { peaceMs, leftMs }: Pause,
  reads: number,
): PollOutput {
  const stillMs = Math.max(peaceMs - Math.max(leftMs, 0), 0);
  const isOver = trouble === undefined || (isListed && stillMs === 0);
  const { message } = trouble ?? {};
  const told = isOver || message === undefined ? {} : { trouble: message, retryAfterMs: stillMs };
  return { state: 'pending', snapshot, reads, ...told };
}

/** A window that a dead worker left half open closes when it should have: the workflow's deadlines count on that. */
async function spentByEarlierAttempts(deps: ActivityDeps, { info }: Context, windowMs: number): Promise<number> {
  if (info.attempt === 1) return 0;
  const spent = (await deps.clock.now()) - info.scheduledTimestampMs;
  return Math.min(Math.max(spent, 0), windowMs);
}
