import type { Client } from '@temporalio/client';
import { DEFAULT_TASK_QUEUE, MAILBOX_WORKFLOW, WEBHOOK_SIGNAL } from '../jobs/names.js';
import type { JobOwner } from '../jobs/types.js';
import {
  MAILBOX_RUN_TIMEOUT,
  type MailboxInput,
  mailboxWorkflowId,
  type WebhookEvent,
  type WebhookSignal,
} from '../jobs/webhook.js';

export interface TemporalDeliveryOptions {
  /** Connected to the namespace of the workflows, with the data converter that their workers have: what they can't decode stops them. */
  client: Client;
  /**
   * What becomes of an event that does not tell its job's owner: it is kept in a workflow of its own, on the task queue of a worker that has ours
   * (default `document-jobs`); `false` drops it, for a vendor's account whose other jobs are many.
   */
  mailbox?: { taskQueue?: string } | false;
}

/** For all of a delivery, so that it has ended when its sender is answered. */
const CALL_MS = 5_000;
const ASK_MS = 2_000;

/**
 * Hands events to Temporal: by a signal to the workflow that the job was submitted for, else to the job's mailbox.
 * @returns a function that throws when Temporal does not take the event.
 */
export function createTemporalDelivery({
  client,
  mailbox = {},
}: TemporalDeliveryOptions): (event: WebhookEvent) => Promise<void | 'nobody-waits'> {
  const namespaceId = askOnce(client);

  async function toOwner(owner: JobOwner, signal: WebhookSignal): Promise<void | 'nobody-waits'> {
    const own = await namespaceId();
    if (own !== undefined && own !== owner.namespaceId) return 'nobody-waits';
    // The client's guard by first run holds for cancelling and terminating only: here the one who is meant has to look.
    const meant: WebhookSignal = { ...signal, firstExecutionRunId: owner.firstExecutionRunId };
    return client.workflow.getHandle(owner.workflowId).signal(WEBHOOK_SIGNAL, meant);
  }

  async function toMailbox(input: MailboxInput, signal: WebhookSignal): Promise<void | 'nobody-waits'> {
    if (mailbox === false) return 'nobody-waits';
    await client.workflow.signalWithStart(MAILBOX_WORKFLOW, {
      workflowId: mailboxWorkflowId(input),
      taskQueue: mailbox.taskQueue ?? DEFAULT_TASK_QUEUE,
      args: [input],
      workflowRunTimeout: MAILBOX_RUN_TIMEOUT,
      signal: WEBHOOK_SIGNAL,
      signalArgs: [signal],
      // A mailbox that has completed was emptied, or was for nobody: what comes late makes no other.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
  }

  return async ({ provider, account, jobId, status, owner }) => {
    const job = { provider, account, jobId };
    const signal: WebhookSignal = { ...job, ...(status === undefined ? {} : { status }) };
    try {
      return await client.withDeadline(Date.now() + CALL_MS, () =>
        owner === undefined ? toMailbox(job, signal) : toOwner(owner, signal),
      );
    } catch (error) {
      if (isOver(error)) return 'nobody-waits';
      throw error;
    }
  };
}

/** By their names, so that the SDK's client, with all of gRPC, is loaded by whoever makes one and not by us. */
const OVER = new Set(['WorkflowNotFoundError', 'WorkflowExecutionAlreadyStartedError']);

const isOver = (error: unknown): boolean => error instanceof Error && OVER.has(error.name);

/** The namespace's own id; undefined when Temporal does not tell (in time), and then it is asked again. */
function askOnce(client: Client): () => Promise<string | undefined> {
  let known: Promise<string | undefined> | null = null;
  const ask = async (): Promise<string | undefined> => {
    try {
      const { namespace } = client.options;
      const describe = () => client.workflowService.describeNamespace({ namespace });
      const { namespaceInfo } = await client.withDeadline(Date.now() + ASK_MS, describe);
      return namespaceInfo?.id || undefined;
    } catch {
      // No right to ask, or no answer: who is not meant finds out by the first run.
      return undefined;
    }
  };
  return async () => {
    const asked = (known ??= ask());
    const id = await asked;
    if (id === undefined && known === asked) known = null;
    return id;
  };
}
