import {
  CancellationScope,
  ChildWorkflowCancellationType,
  condition,
  log,
  ParentClosePolicy,
  startChild,
} from '@temporalio/workflow';
import { WORKFLOW } from '../jobs/names.js';
import { leaseWorkflowId } from '../jobs/reap.js';
import type { JobRef } from '../jobs/types.js';

/**
 * Says by being open that a workflow waits for a job which another one submitted, so that the reaper leaves it alone. It does nothing, is a
 * child of whoever attached, and ends with it, however that ends.
 */
export async function documentJobLease(_job: JobRef): Promise<void> {
  await condition(() => false);
}

/** Holds the lease of a job while `work` goes on. */
export async function withLease<T>(job: JobRef, work: () => Promise<T>): Promise<T> {
  const lease = new CancellationScope();
  await lease.run(() => takeLease(job));
  try {
    return await work();
  } finally {
    lease.cancel();
  }
}

async function takeLease(job: JobRef): Promise<void> {
  try {
    await startChild(WORKFLOW.documentJobLease, {
      workflowId: leaseWorkflowId(job),
      args: [job],
      parentClosePolicy: ParentClosePolicy.TERMINATE,
      cancellationType: ChildWorkflowCancellationType.TRY_CANCEL,
      staticSummary: `${job.operation} ${job.jobId} is waited for`,
    });
  } catch (error) {
    // One lease protects a job. Should its holder end first, this workflow goes on without.
    if ((error as Error).name !== 'WorkflowExecutionAlreadyStartedError') throw error;
    log.warn('Another workflow holds the lease of this job already.', { jobId: job.jobId });
  }
}
