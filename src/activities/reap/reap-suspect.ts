import { Context } from '@temporalio/activity';
import type { ReapedJob } from '../../jobs/reap.js';
import { findAccount } from '../account.js';
import type { ActivityDeps } from '../activity-deps.js';
import { cancelAndSettle } from '../cancel.js';
import { reasonOf } from '../failures.js';
import type { Heart } from '../heart.js';
import { recordOrphan } from '../metrics.js';
import { readJob } from '../read-job.js';
import { storedBody } from '../store-body.js';
import type { Suspect } from './suspects.js';
import type { Temporal } from '../../histories/temporal-side.js';

/** What became of a suspect: still somebody's, too young to tell, no job any more, or an orphan. */
export type Verdict = { is: 'owned' | 'young' | 'ended' } | { is: 'orphan'; orphan: ReapedJob };

export interface ReapRules {
  minimumAgeMs: number;
  dryRun: boolean;
}

/** How long a cancelled orphan is asked for the truth, ms. */
const SETTLE_MS = 30_000;

/**
 * Asks the vendor, then Temporal, and cancels what runs and nobody waits for. Whose it is is asked last of all, so that a workflow which took
 * the job up meanwhile keeps it. Doing this twice, or in two places at once, does no harm.
 */
export async function reapSuspect(
  deps: ActivityDeps,
  temporal: Temporal,
  heart: Heart,
  suspect: Suspect,
  { minimumAgeMs, dryRun }: ReapRules,
): Promise<Verdict> {
  const context = Context.current();
  const { job, owner } = suspect;
  try {
    const provider = await findAccount(deps.accounts, job, job);
    const reading = await readJob(provider, job, context.cancellationSignal);
    if (reading.kind === 'absent') return { is: 'ended' };
    if (reading.kind === 'trouble') throw reading.error;
    const { status, createdAt } = reading.read.snapshot;
    if (status === 'failed' || status === 'cancelled' || status === 'expired') return { is: 'ended' };
    const submittedAt = suspect.submittedAt ?? createdAt ?? null;
    // One whose age nobody tells was found in a workflow that is closed.
    if (submittedAt !== null && (await deps.clock.now()) - Date.parse(submittedAt) < minimumAgeMs)
      return { is: 'young' };
    if (await isWaitedFor(temporal, suspect)) return { is: 'owned' };
    const { usage } = reading.read;
    const orphan = { ...rowOf(suspect), ...usage, submittedAt };
    if (status === 'completed') {
      // Another run of the workflow, or who attached to it, may have brought it home.
      const isKept = (await storedBody({ store: deps.results, job, heart, patienceMs: 0 })) !== null;
      return isKept ? { is: 'ended' } : { is: 'orphan', orphan: { ...orphan, outcome: 'completed' } };
    }
    if (dryRun) return { is: 'orphan', orphan: { ...orphan, outcome: 'running' } };
    const beat = { jobId: job.jobId, lastStatus: null, reads: 0 };
    const cancel = { job, settleMs: SETTLE_MS };
    const { usage: paid, ...end } = await cancelAndSettle(deps, context, provider, cancel, beat, heart);
    const { outcome, stored } = end;
    recordOrphan(context, job, outcome, paid);
    return { is: 'orphan', orphan: { ...orphan, ...paid, outcome, ...(stored && { stored }) } };
  } catch (error) {
    context.cancellationSignal.throwIfAborted();
    return { is: 'orphan', orphan: { ...rowOf(suspect), outcome: 'unknown', reason: reasonOf(error) } };
  }

  function rowOf({ foundIn, submittedAt }: Suspect): ReapedJob {
    const nothing = { pages: null, credits: null, outcome: 'unknown' as const };
    return { ...job, workflowId: owner.workflowId, foundIn, submittedAt, ...nothing };
  }
}

/** By the workflow that submitted it, or by one that attached to it. */
async function isWaitedFor(temporal: Temporal, { job, owner }: Suspect): Promise<boolean> {
  if (await temporal.isOpen(owner)) return true;
  for (const holder of await temporal.leaseHolders(job)) if (await temporal.isOpen(holder)) return true;
  return false;
}
