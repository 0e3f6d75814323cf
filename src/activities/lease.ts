import { Context } from '@temporalio/activity';
import type { DocumentActivities } from '../jobs/activities.js';
import { LEASE_MEMO, WORKFLOW } from '../jobs/names.js';
import { leaseWorkflowId } from '../jobs/reap.js';

/** More workflows at once than ever wait for one job. */
const MAX_SLOTS = 20;
/** Closed by the server where no worker has the workflow: its memo is all that counts. */
const RUN_TIMEOUT = '1 minute';

/**
 * `leaseDocumentJob`: leaves a record, under a workflow id that follows from the job, that a workflow waits for it. Each holder has a slot of
 * its own, which is taken once: of two that attach at the same moment each finds one.
 */
export function createLease(): DocumentActivities['leaseDocumentJob'] {
  return async ({ job, holder, taskQueue }) => {
    const { workflow } = Context.current().client;
    for (let slot = 0; slot < MAX_SLOTS; slot++) {
      try {
        await workflow.start(WORKFLOW.documentJobLease, {
          workflowId: leaseWorkflowId(job, slot),
          taskQueue,
          memo: { [LEASE_MEMO]: holder },
          workflowRunTimeout: RUN_TIMEOUT,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          staticSummary: `${job.operation} ${job.jobId} is waited for by ${holder.workflowId}`,
        });
        return { slot };
      } catch (error) {
        if ((error as Error).name !== 'WorkflowExecutionAlreadyStartedError') throw error;
        const theirs = (await workflow.getHandle(leaseWorkflowId(job, slot)).describe()).memo?.[LEASE_MEMO];
        // An attempt before this one, or this workflow's last run.
        if (JSON.stringify(theirs) === JSON.stringify(holder)) return { slot };
      }
    }
    return { slot: null };
  };
}
