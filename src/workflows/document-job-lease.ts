import { workflowInfo } from '@temporalio/workflow';
import type { JobRef } from '../jobs/types.js';
import { leaseProxy } from './activity-proxies.js';
import type { JobContext } from './job-context.js';

/**
 * The record that a workflow waits for a job which another one submitted, so that the reaper leaves the job alone. It does nothing: who holds
 * the lease stands in its memo.
 */
export async function documentJobLease(): Promise<void> {
  return Promise.resolve();
}

/** Leaves such a record for this workflow. It is void when this workflow has ended, so that it need not be taken back. */
export async function leaseJob({ options }: JobContext, job: JobRef): Promise<void> {
  const { workflowId, firstExecutionRunId, taskQueue } = workflowInfo();
  const lease = leaseProxy(options, `${job.operation} ${job.jobId}: keep it from the reaper`);
  await lease({ job, holder: { workflowId, firstExecutionRunId }, taskQueue });
}
