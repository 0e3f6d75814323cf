import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { DocumentActivities, SubmitBeat, SubmitOutput } from '../jobs/activities.js';
import type { FailureContext } from '../jobs/failures.js';
import type { Provider, SubmitContext, SubmittedJob } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { findAccount } from './account.js';
import type { ActivityDeps } from './activity-deps.js';
import { checkRequest } from './check-request.js';
import { documentFailure, reasonOf, refusalOf, replyInvalid } from './failures.js';
import { startHeart } from './heart.js';
import { keepFinished } from './keep-finished.js';
import { liesOnWorker } from './lies-on-worker.js';
import { withLocalFile } from './local-file.js';
import { type Look, lookForJob } from './look-for-job.js';
import { checkMayPost } from './may-post.js';
import {
  accepted,
  adopted,
  asksForWebhook,
  notAccepted,
  restMs,
  type Submit,
  undecided,
  unknown,
} from './submit-outcomes.js';
import { stampingOf } from './submit-stamp.js';

/** Wished wait after a submit that was looked for and is absent: nothing suggests that the vendor needs rest. */
const AFTER_ABSENT_MS = 1_000;

/** How long a submit may hold its slot for its turn under the account's quota; then it waits in the workflow. */
const TURN_PATIENCE_MS = 8_000;

/** `submitDocumentJob`: at most one POST, and when its fate is in doubt a look for the job that it may have made. */
export function createSubmit(deps: ActivityDeps): DocumentActivities['submitDocumentJob'] {
  return async (input) => {
    const context = Context.current();
    const { info } = context;
    const startedAt = performance.now();
    const { provider: name, account, request } = input;
    const about: FailureContext = { provider: name, account, operation: request.operation };
    const earlier = info.heartbeatDetails as SubmitBeat | undefined;
    const beat: SubmitBeat = { posts: earlier?.posts ?? 0 };
    const heart = startHeart(context, deps.clock, () => beat);
    const stamping = await stampingOf(deps, context, input);
    try {
      const provider = await findAccount(deps.accounts, input, about);
      const submit: Submit = { ...stamping, deps, context, provider, input, about, heart, beat, startedAt };
      if (earlier?.jobId !== undefined) return await accepted(submit, earlier);
      checkRequest(provider, request, about);
      return (await lookBefore(submit)) ?? (await postUnlessToStop(submit));
    } catch (error) {
      // A second attempt could not tell that this one never posted; the workflow can, and waits.
      const isFirst = info.attempt === 1 && input.lookFirst === 'no';
      const neverPosted = isFirst && beat.posts === 0 && beat.jobId === undefined;
      const isFinal = error instanceof ApplicationFailure && error.nonRetryable === true;
      if (!neverPosted || isFinal) throw error;
      return notAccepted({ ...stamping, deps, beat }, restMs(), reasonOf(error), false);
    } finally {
      heart.stop();
    }
  };
}

/** Any attempt but a certain first one looks before it posts. @returns null when there is certainly no job yet. */
async function lookBefore(submit: Submit): Promise<SubmitOutput | null> {
  const { context, deps, input, stamp, heart, provider, beat } = submit;
  // A first attempt does not beat before its POST: Temporal passes a beat on only when the last one is old enough, and the one that must
  // get through at once is the job id's.
  const retried = context.info.attempt > 1;
  if (input.lookFirst === 'no' && !retried && !input.lookOnly) return null;
  heart.beat();
  // A POST of an earlier life may still be on its way; one of an earlier attempt has ended, its heartbeat time-out saw to that.
  const inFlightMs = input.lookFirst === 'earlier_life' ? provider.submitTimeoutMs : 0;
  const settleMs = deps.settled.take(stamp.marker) ? 0 : inFlightMs + provider.listSettleMs;
  const look = await lookFor(submit, settleMs);
  switch (look.kind) {
    case 'found':
      return adopted(submit, look);
    case 'absent':
      heart.beat();
      return null;
    case 'unsupported':
      // After a POST of its own the workflow has decided to submit again knowing that; other POSTs it may not know of.
      if (input.lookFirst === 'resubmit' && !retried && !input.lookOnly) return null;
      beat.posts = Math.max(beat.posts, 1);
      return unknown(submit, 'an earlier attempt may have posted');
    default:
      throw await undecided(submit, look);
  }
}

/** The workflow has ended, but for the job that this submit may have made; now it is known that there is none. */
function postUnlessToStop(submit: Submit): Promise<SubmitOutput> | SubmitOutput {
  if (submit.input.lookOnly) return notAccepted(submit, AFTER_ABSENT_MS, 'there is no job', true);
  return postWithFile(submit);
}

/** A document that lies on the worker goes with the submit, where the vendor has no upload. */
async function postWithFile(submit: Submit): Promise<SubmitOutput> {
  const { provider, input, deps, about, context } = submit;
  const { operation, input: source } = input.request;
  const carries = provider.fileOperations?.includes(operation) === true;
  if (!carries || typeof source !== 'string' || !liesOnWorker(provider, source)) return post(submit, {});
  return withLocalFile(deps.sources, source, input, about, context.cancellationSignal, (file) =>
    post(submit, { file }),
  );
}

async function post(submit: Submit, call: SubmitContext): Promise<SubmitOutput> {
  const { provider, input, stamp, beat, deps, context } = submit;
  // Before the last check: from that on, nothing may wait.
  const admission = { signal: context.cancellationSignal, patienceMs: TURN_PATIENCE_MS, atOutage: 'leave' } as const;
  const waitMs = await deps.governors.of(input, provider).admit('submit', admission);
  if (waitMs !== null) {
    const { message } = deps.governors.refusal(input, 'submit', waitMs);
    return notAccepted(submit, waitMs, message, false);
  }
  checkMayPost(submit, provider);
  let submitted: SubmittedJob;
  try {
    beat.posts += 1;
    // No signal: whoever cancels, the reply must be waited for, since it holds the id of a job that is being paid.
    submitted = await provider.submit(input.request, stamp, asksForWebhook(submit) ? { ...call, webhook: true } : call);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return afterTrouble(submit, error);
  }
  const output = await accepted(submit, { jobId: submitted.jobId, adopted: false }, 'body' in submitted);
  if ('body' in submitted) await keepFinished(submit, submitted);
  return output;
}

async function afterTrouble(submit: Submit, error: VendorError): Promise<SubmitOutput> {
  const { provider, input, about, beat } = submit;
  const { sent, retryAfterMs, reason } = error.facts;
  const refusal = refusalOf(error, about);
  if (refusal !== null) throw refusal;
  switch (error.kind) {
    case 'reference_expired': {
      const reference = referenceOf(provider, input.request.input);
      throw documentFailure(
        'DocumentReferenceExpired',
        `${provider.name} no longer knows ${reference}: parse (or upload) the document again`,
        { ...about, reason, reference },
      );
    }
    case 'rate_limited':
      return notAccepted(submit, retryAfterMs ?? restMs(), error.message, false);
    case 'unreachable':
      if (sent) break;
      beat.posts -= 1;
      return notAccepted(submit, retryAfterMs ?? restMs(), error.message, false);
    case 'ambiguous':
      throw await undecided(submit, { kind: 'ambiguous', reason });
    default:
      break;
  }
  return lookAfter(submit, error);
}

/** The POST may have made a job: find it, or make sure that there is none. */
async function lookAfter(submit: Submit, error: VendorError): Promise<SubmitOutput> {
  const { provider, about } = submit;
  const look: Look = error.facts.unmarked ? { kind: 'unsupported' } : await lookFor(submit, provider.listSettleMs);
  switch (look.kind) {
    case 'found':
      return adopted(submit, look);
    case 'absent':
      if (error.kind === 'invalid_reply') throw replyInvalid(error, about);
      return notAccepted(submit, AFTER_ABSENT_MS, error.message, true);
    case 'unsupported':
      if (error.kind === 'invalid_reply') throw replyInvalid(error, about);
      return unknown(submit, error.message);
    default:
      throw await undecided(submit, look);
  }
}

function lookFor(submit: Submit, settleMs: number): Promise<Look> {
  const { provider, input, markers, deps, heart, context } = submit;
  const { request, since, otherJobs: notThese = [], lookFirst } = input;
  const wanted = { markers, request, since, notThese, earlierLife: lookFirst === 'earlier_life', settleMs };
  return lookForJob(provider, wanted, deps.clock, heart, context.cancellationSignal);
}

/** The vendor's own reference in the input: a URL may be signed, and is not repeated in a failure. */
function referenceOf(provider: Provider, input: string | string[]): string {
  return [input].flat().find((one) => provider.isReference(one)) ?? 'a reference of the request';
}
