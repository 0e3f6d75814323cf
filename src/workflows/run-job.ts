import { defined } from '../jobs/defined.js';
import type { CollectOptions } from '../jobs/activities.js';
import type { CollectedResult } from '../jobs/types.js';
import { awaitJob } from './await-job.js';
import { startDeadline } from './deadline.js';
import { unwrapActivityFailure } from './failure.js';
import type { JobContext } from './job-context.js';
import { failureOf } from './job-failure.js';
import { type JobRequest, submitJob } from './submit-job.js';

export interface CompletedJob<K extends CollectedResult['kind'] = CollectedResult['kind']> {
  jobId: string;
  result: ResultOf<K>;
}

/** What the worker reports of an operation of that kind. */
type ResultOf<K extends CollectedResult['kind']> = Extract<CollectedResult, { kind: K }>;

/**
 * The life of one job, top to bottom: submit → wait → collect, and once more when the vendor failed it for a reason that may pass.
 * @throws a typed document failure, or the cancellation, after the vendor's job has ended.
 */
export async function runJob<K extends CollectedResult['kind']>(
  context: JobContext,
  job: JobRequest,
): Promise<CompletedJob<K>> {
  const { operation } = job.request;
  const collect = collectOptions(context, job);
  const deadline = startDeadline(context);
  try {
    for (let resubmit = 0; ;) {
      const line = context.board.line(operation, job.section);
      const accepted = await submitJob(context, job, resubmit, deadline, line);
      const end = await awaitJob(context, accepted, collect, deadline, line);
      if (end.state === 'completed')
        return { jobId: accepted.ref.jobId, result: completed(context, end.result as ResultOf<K>) };
      const { ref, resubmits } = accepted;
      resubmit = resubmits + 1;
      if (end.state === 'failed' && end.error.transient && resubmits < context.options.maxResubmits) continue;
      throw failureOf(context, ref, end, resubmits);
    }
  } catch (error) {
    throw unwrapActivityFailure(error);
  }
}

function collectOptions(context: JobContext, job: JobRequest): CollectOptions {
  const { results, inlineLimit, copyAssets } = context.options;
  const { schema, sectionSchemas } = job.request;
  return { results, inlineLimit, ...defined({ copyAssets, schema, sectionSchemas }) };
}

/** Takes what travelled inline off the document's budget. */
export function completed<R extends CollectedResult>(context: JobContext, result: R): R {
  const { stored, usage, ...inline } = result;
  const size = new TextEncoder().encode(JSON.stringify(inline)).length;
  const fits = size <= context.inlineBudget.left;
  if (fits) context.inlineBudget.left -= size;
  // Jobs that ran side by side may together exceed what each was allowed: their values are all in the store.
  const travels = fits || context.options.results !== 'auto' || result.kind === 'parse';
  return travels ? result : ({ kind: result.kind, stored, usage } as R);
}
