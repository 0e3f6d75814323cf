import type { Context } from '@temporalio/activity';
import type { AcceptedBeat, SubmitBeat, SubmitInput, SubmitOutput } from '../jobs/activities.js';
import type { FailureContext } from '../jobs/failures.js';
import { webhookPatienceMs } from '../jobs/wait-plan.js';
import type { Provider } from '../providers/provider.js';
import type { ActivityDeps } from './activity-deps.js';
import { announceWaiter } from './announce-waiter.js';
import { documentFailure, troubleFailure } from './failures.js';
import type { Heart } from './heart.js';
import type { Look } from './look-for-job.js';
import type { Stamping } from './submit-stamp.js';

/** One submit on its way: what its parts need of each other. */
export interface Submit extends Stamping {
  deps: ActivityDeps;
  context: Context;
  provider: Provider;
  input: SubmitInput;
  about: FailureContext;
  heart: Heart;
  beat: SubmitBeat;
  /** On the scale of `performance.now()`. */
  startedAt: number;
}

/** A job that was found instead of posting. */
export function adopted(submit: Submit, { jobId, marker }: Extract<Look, { kind: 'found' }>): Promise<SubmitOutput> {
  const resubmitsOn = marker === undefined ? 0 : submit.markers.indexOf(marker);
  return accepted(submit, { jobId, adopted: true, ...(resubmitsOn > 0 ? { resubmitsOn } : {}) });
}

/** The job id gets out of this process before anything else happens. */
export async function accepted(
  submit: Submit,
  job: Omit<AcceptedBeat, 'posts'>,
  isOver = false,
): Promise<SubmitOutput> {
  const { deps, provider, input, beat, heart } = submit;
  // A job that was found was posted once, by an attempt that did not live to say so.
  Object.assign(beat, { ...job, posts: Math.max(beat.posts, 1) });
  heart.beat();
  // A heartbeat leaves only when the event loop turns.
  await new Promise((resolve) => setImmediate(resolve));
  const { operation } = input.request;
  const pageCount = input.pageCount ?? null;
  const retentionMs = provider.retentionMs(input.request);
  const model = provider.modelOf?.(input.request) ?? null;
  return {
    outcome: 'accepted',
    ...job,
    posts: beat.posts,
    expectedMs: deps.expected.expect(provider.name, operation, pageCount) ?? provider.expectedMs(operation, pageCount),
    retentionMs: Number.isFinite(retentionMs) ? retentionMs : null,
    ...(model === null ? {} : { model }),
    ...(!isOver && (await isCalledBack(submit, job.jobId)) ? { webhookMs: webhookPatienceMs(retentionMs) } : {}),
    at: new Date(await deps.clock.now()).toISOString(),
  };
}

export const asksForWebhook = ({ provider, input }: Pick<Submit, 'provider' | 'input'>): boolean =>
  input.webhooks !== false && provider.callsBack?.(input.request) !== undefined;

/** Calls are asked for even when they are not believed to come: one that comes all the same restores the belief. */
async function isCalledBack(submit: Submit, jobId: string): Promise<boolean> {
  const { provider, input, deps, stamp } = submit;
  // Who does not know itself can't be found either way.
  if (!asksForWebhook(submit) || stamp.owner === undefined) return false;
  const tells = provider.callsBack?.(input.request);
  const findsUs = tells === 'with_owner' || (tells === 'by_job_id' && (await announceWaiter(submit, jobId)));
  return findsUs && deps.webhooks.mayTrust(input, await deps.clock.now());
}

export function notAccepted(
  { deps, stamp, beat }: Pick<Submit, 'deps' | 'stamp' | 'beat'>,
  retryAfterMs: number,
  reason: string,
  lookedFor: boolean,
): SubmitOutput {
  deps.settled.add(stamp.marker);
  return { outcome: 'not_accepted', retryAfterMs, reason, posts: beat.posts, lookedFor };
}

export const unknown = ({ beat }: Submit, reason: string): SubmitOutput => ({
  outcome: 'unknown',
  reason,
  posts: beat.posts,
});

/** Nobody can say whether there is a job: retried while the vendor would still show it, given up when it no longer would. */
export async function undecided(submit: Submit, look: Look & { reason: string }): Promise<Error> {
  const { about, beat, context, deps, provider, input } = submit;
  const details = { ...about, reason: look.reason, submits: beat.posts };
  if (look.kind === 'ambiguous') {
    const message = `${about.operation}: the submit may have been accepted, and more than one job may be its own (${look.reason}). Look in the vendor's console.`;
    return documentFailure('DocumentSubmitUnknown', message, details);
  }
  if ((await deps.clock.now()) - context.info.scheduledTimestampMs > provider.retentionMs(input.request)) {
    const message = `${about.operation}: the submit may have been accepted, and the job list could not be read for as long as the vendor keeps jobs (${look.reason}). Look in the vendor's console.`;
    return documentFailure('DocumentSubmitUnknown', message, details);
  }
  const message = `${about.operation}: the submit may have been accepted, and the job list can't be read (${look.reason}): looking again`;
  return troubleFailure(message, details);
}

/** Wished wait before a busy or unreachable vendor is asked again; spread, because many documents got the same answer. The workflow lets it grow. */
export const restMs = (): number => Math.round(2_000 + Math.random() * 8_000);
