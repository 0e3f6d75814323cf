import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { DocumentActivities, SubmitInput, SubmitOutput } from '../jobs/activities.js';
import type { FailureContext } from '../jobs/failures.js';
import type { Provider, SubmitContext, SubmittedJob } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { findAccount } from './account.js';
import type { ActivityDeps } from './activity-deps.js';
import { checkRequest } from './check-request.js';
import { documentFailure, reasonOf, refusalOf, replyInvalid, troubleFailure } from './failures.js';
import { type Heart, startHeart } from './heart.js';
import { keepFinished } from './keep-finished.js';
import { liesOnWorker } from './lies-on-worker.js';
import { withLocalFile } from './local-file.js';
import { type Look, lookForJob } from './look-for-job.js';
import { submitMarker } from './marker.js';
import { checkMayPost } from './may-post.js';

/** What an attempt leaves for the next one. `jobId` is also what a reaper finds of a workflow that was terminated meanwhile. */
interface SubmitBeat {
  jobId?: string;
  adopted?: boolean;
  /** POSTs sent so far, as far as known. */
  posts: number;
}

/** One submit on its way: what its parts need of each other. */
interface Submit {
  deps: ActivityDeps;
  context: Context;
  provider: Provider;
  input: SubmitInput;
  marker: string;
  about: FailureContext;
  heart: Heart;
  beat: SubmitBeat;
  /** On the scale of `performance.now()`. */
  startedAt: number;
}

/** Wished wait after a submit that was looked for and is absent: nothing suggests that the vendor needs rest. */
const AFTER_ABSENT_MS = 1_000;

/** `submitDocumentJob`: at most one POST, and when its fate is in doubt a look for the job that it may have made. */
export function createSubmit(deps: ActivityDeps): DocumentActivities['submitDocumentJob'] {
  return async (input) => {
    const context = Context.current();
    const { info } = context;
    const startedAt = performance.now();
    const { provider: name, account, request } = input;
    const about: FailureContext = { provider: name, account, operation: request.operation };
    const earlier = info.heartbeatDetails as Partial<SubmitBeat> | undefined;
    const beat: SubmitBeat = { posts: earlier?.posts ?? 0 };
    const heart = startHeart(context, deps.clock, () => beat);
    const workflowId = info.workflowExecution?.workflowId;
    const origin = { namespace: info.namespace, ...(workflowId === undefined ? {} : { workflowId }) };
    const marker = submitMarker(origin, input.marker, request);
    try {
      const provider = await findAccount(deps.accounts, input, about);
      const submit: Submit = { deps, context, provider, input, marker, about, heart, beat, startedAt };
      if (earlier?.jobId !== undefined) return await accepted(submit, earlier.jobId, earlier.adopted ?? false);
      checkRequest(provider, request, about);
      return (await lookBefore(submit)) ?? (await postWithFile(submit));
    } catch (error) {
      // A second attempt could not tell that this one never posted; the workflow can, and waits.
      const isFirst = info.attempt === 1 && input.lookFirst === 'no';
      const neverPosted = isFirst && beat.posts === 0 && beat.jobId === undefined;
      const isFinal = error instanceof ApplicationFailure && error.nonRetryable === true;
      if (!neverPosted || isFinal) throw error;
      return notAccepted({ deps, marker, beat }, restMs(), reasonOf(error), false);
    } finally {
      heart.stop();
    }
  };
}

/** Any attempt but a certain first one looks before it posts. @returns null when there is certainly no job yet. */
async function lookBefore(submit: Submit): Promise<SubmitOutput | null> {
  const { context, deps, input, marker, heart, provider, beat } = submit;
  // A first attempt does not beat before its POST: Temporal passes a beat on only when the last one is old enough, and the one that must
  // get through at once is the job id's.
  const retried = context.info.attempt > 1;
  if (input.lookFirst === 'no' && !retried) return null;
  heart.beat();
  // A POST of an earlier life may still be on its way; one of an earlier attempt has ended, its heartbeat time-out saw to that.
  const inFlightMs = input.lookFirst === 'earlier_life' ? provider.submitTimeoutMs : 0;
  const settleMs = deps.settled.take(marker) ? 0 : inFlightMs + provider.listSettleMs;
  const look = await lookFor(submit, settleMs);
  switch (look.kind) {
    case 'found':
      return accepted(submit, look.jobId, true);
    case 'absent':
      heart.beat();
      return null;
    case 'unsupported':
      // After a POST of its own the workflow has decided to submit again knowing that; other POSTs it may not know of.
      if (input.lookFirst === 'resubmit' && !retried) return null;
      beat.posts = Math.max(beat.posts, 1);
      return unknown(submit, 'an earlier attempt may have posted');
    default:
      throw await undecided(submit, look);
  }
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
  const { provider, input, marker, beat } = submit;
  checkMayPost(submit, provider);
  let submitted: SubmittedJob;
  try {
    beat.posts += 1;
    // No signal: whoever cancels, the reply must be waited for, since it holds the id of a job that is being paid.
    submitted = await provider.submit(input.request, marker, call);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return afterTrouble(submit, error);
  }
  const output = await accepted(submit, submitted.jobId, false);
  if ('body' in submitted) await keepFinished(submit, submitted);
  return output;
}

/** The job id gets out of this process before anything else happens. */
async function accepted(submit: Submit, jobId: string, adopted: boolean): Promise<SubmitOutput> {
  const { deps, provider, input, beat, heart } = submit;
  // A job that was found was posted once, by an attempt that did not live to say so.
  Object.assign(beat, { jobId, adopted, posts: Math.max(beat.posts, 1) });
  heart.beat();
  // A heartbeat leaves only when the event loop turns.
  await new Promise((resolve) => setImmediate(resolve));
  const { operation } = input.request;
  const pageCount = input.pageCount ?? null;
  return {
    outcome: 'accepted',
    jobId,
    adopted,
    posts: beat.posts,
    expectedMs: deps.expected.expect(provider.name, operation, pageCount) ?? provider.expectedMs(operation, pageCount),
    at: new Date(await deps.clock.now()).toISOString(),
  };
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
      return accepted(submit, look.jobId, true);
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
  const { provider, input, marker, deps, heart, context } = submit;
  const wanted = { marker, operation: input.request.operation, since: input.since, settleMs };
  return lookForJob(provider, wanted, deps.clock, heart, context.cancellationSignal);
}

function notAccepted(
  { deps, marker, beat }: Pick<Submit, 'deps' | 'marker' | 'beat'>,
  retryAfterMs: number,
  reason: string,
  lookedFor: boolean,
): SubmitOutput {
  deps.settled.add(marker);
  return { outcome: 'not_accepted', retryAfterMs, reason, posts: beat.posts, lookedFor };
}

const unknown = ({ beat }: Submit, reason: string): SubmitOutput => ({ outcome: 'unknown', reason, posts: beat.posts });

/** Nobody can say whether there is a job: retried while the vendor would still show it, given up when it no longer would. */
async function undecided(submit: Submit, look: Look & { reason: string }): Promise<Error> {
  const { about, beat, context, deps, provider, input } = submit;
  const details = { ...about, reason: look.reason, submits: beat.posts };
  if (look.kind === 'ambiguous') {
    const message = `${about.operation}: more than one job carries this submit's marker (${look.reason}). Look in the vendor's console.`;
    return documentFailure('DocumentSubmitUnknown', message, details);
  }
  if ((await deps.clock.now()) - context.info.scheduledTimestampMs > provider.retentionMs(input.request)) {
    const message = `${about.operation}: the submit may have been accepted, and the job list could not be read for as long as the vendor keeps jobs: ${look.reason}`;
    return documentFailure('DocumentSubmitUnknown', message, details);
  }
  const message = `${about.operation}: the submit may have been accepted, and the job list can't be read (${look.reason}): looking again`;
  return troubleFailure(message, details);
}

/** Wished wait before a busy or unreachable vendor is asked again; spread, because many documents got the same answer. The workflow lets it grow. */
const restMs = (): number => Math.round(2_000 + Math.random() * 8_000);

/** The vendor's own reference in the input: a URL may be signed, and is not repeated in a failure. */
function referenceOf(provider: Provider, input: string | string[]): string {
  return [input].flat().find((one) => provider.isReference(one)) ?? 'a reference of the request';
}
