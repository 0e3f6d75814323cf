import { condition, defineSignal, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import { MAILBOX_WAITER_SIGNAL, WEBHOOK_SIGNAL } from '../jobs/names.js';
import type { JobHolder } from '../jobs/types.js';
import type { WebhookSignal } from '../jobs/webhook.js';

/** A job's submit is told within minutes of the job: a call that nobody has asked for by then is for nobody here. */
const NOBODY_WAITS = '1 hour';
/** Longer than a vendor's jobs take. Whoever waits looks by itself as well. */
const NOBODY_CALLS = '24 hours';
/** Whoever attached to the job, and the document's own workflow. */
const MAX_WAITERS = 10;

/**
 * Where a vendor's call and the workflow that waits for it meet, when the call names the job alone: one mailbox a job, begun by whichever
 * comes first. It passes the call on and ends.
 */
export async function documentJobMailbox(): Promise<'delivered' | 'expired'> {
  let call: WebhookSignal | undefined;
  const waiters: JobHolder[] = [];
  setHandler(defineSignal<[WebhookSignal]>(WEBHOOK_SIGNAL), (one) => void (call ??= one));
  setHandler(defineSignal<[JobHolder]>(MAILBOX_WAITER_SIGNAL), (one) => {
    if (waiters.length < MAX_WAITERS) waiters.push(one);
  });
  const isFull = (): boolean => call !== undefined && waiters.length > 0;
  await condition(() => call !== undefined || waiters.length > 0, NOBODY_WAITS);
  if (!(await condition(isFull, call === undefined ? NOBODY_CALLS : NOBODY_WAITS))) return 'expired';
  for (const { workflowId, firstExecutionRunId } of waiters) {
    // One that has ended meanwhile needs no call.
    await getExternalWorkflowHandle(workflowId)
      .signal(WEBHOOK_SIGNAL, { ...call, firstExecutionRunId })
      .catch(() => undefined);
  }
  return 'delivered';
}
