import { MAILBOX_WAITER_SIGNAL, MAILBOX_WORKFLOW } from '../jobs/names.js';
import { MAILBOX_RUN_TIMEOUT, mailboxWorkflowId } from '../jobs/webhook.js';
import type { Submit } from './submit-outcomes.js';

/**
 * Tells a job's mailbox which workflow waits for it, where the vendor's calls name the job alone.
 * @returns false when that failed: its calls would not find the workflow.
 */
export async function announceWaiter({ context, input, stamp }: Submit, jobId: string): Promise<boolean> {
  const { owner } = stamp;
  if (owner === undefined || input.taskQueue === undefined) return false;
  const { workflowId, firstExecutionRunId } = owner;
  const { provider, account, taskQueue } = input;
  const job = { provider, account, jobId };
  try {
    await context.client.workflow.signalWithStart(MAILBOX_WORKFLOW, {
      workflowId: mailboxWorkflowId(job),
      taskQueue,
      args: [job],
      workflowRunTimeout: MAILBOX_RUN_TIMEOUT,
      signal: MAILBOX_WAITER_SIGNAL,
      signalArgs: [{ workflowId, firstExecutionRunId }],
    });
    return true;
  } catch (error) {
    context.log.warn('A job is polled, since its mailbox could not be told who waits for it', {
      jobId,
      reason: (error as Error).name,
    });
    return false;
  }
}
