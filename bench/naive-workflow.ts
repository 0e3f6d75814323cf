// The plain loop that vendors' docs show, written as a workflow: submit, then sleep 2 s and ask, until it is done. For comparison only.
import { ApplicationFailure, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { DocumentActivities } from '../src/jobs/activities.js';

export * from '../src/workflows/index.js';

const { submitDocumentJob, pollDocumentJob } = proxyActivities<DocumentActivities>({ startToCloseTimeout: '1 minute' });

export async function naiveParse(source: string): Promise<string> {
  const account = { provider: 'reducto', account: 'reducto' };
  const marker = { firstExecutionRunId: workflowInfo().firstExecutionRunId, origin: source, ordinal: 0, resubmit: 0 };
  const submitted = await submitDocumentJob({
    ...account,
    request: { operation: 'parse', input: source },
    marker,
    lookFirst: 'no',
    since: new Date().toISOString(),
  });
  if (submitted.outcome !== 'accepted') throw ApplicationFailure.nonRetryable(submitted.reason);
  const job = { ...account, operation: 'parse' as const, jobId: submitted.jobId };
  for (;;) {
    await sleep('2 seconds');
    const poll = await pollDocumentJob({
      job,
      windowMs: 0,
      elapsedMs: 0,
      neverSeen: false,
      collect: { results: 'stored', inlineLimit: 0 },
    });
    if (poll.state === 'completed') return job.jobId;
    if (poll.state !== 'pending') throw ApplicationFailure.nonRetryable(poll.state);
  }
}

/** One parse with our wait, nothing else: the counterpart of `naiveParse`. */
export { parseOnly } from '../test/support/workflows.js';
