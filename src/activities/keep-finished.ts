import type { Context } from '@temporalio/activity';
import type { SubmitInput } from '../jobs/activities.js';
import type { Provider, SubmittedJob } from '../providers/provider.js';
import type { ActivityDeps } from './activity-deps.js';
import { reasonOf } from './failures.js';
import type { Heart } from './heart.js';
import { keepBody } from './keep-body.js';

/** A store in trouble must not use up the submit's own limit. */
const PATIENCE_MS = 15_000;

/** The parts of a submit that are needed here. */
interface Finished {
  deps: ActivityDeps;
  provider: Provider;
  input: SubmitInput;
  heart: Heart;
  context: Context;
}

/**
 * The job is over already, and its body came with the reply: the poll finds it in the store, whether the vendor knows the job or not. A
 * body that can't be read or kept does not undo the submit: the vendor may give it again.
 */
export async function keepFinished(
  { deps, provider, input, heart, context }: Finished,
  { jobId, body }: SubmittedJob,
): Promise<void> {
  const { operation } = input.request;
  const job = { provider: input.provider, account: input.account, operation, jobId };
  const patient = { store: deps.results, job, heart, patienceMs: PATIENCE_MS };
  try {
    await keepBody(patient, provider, { kind: 'json', load: async () => body }, { holder: '', mayOpenClaimed: false });
  } catch (error) {
    context.log.warn('The result that came with a submit could not be kept', {
      jobId,
      operation,
      reason: reasonOf(error),
    });
  }
}
