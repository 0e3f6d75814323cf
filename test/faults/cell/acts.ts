import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Sandbox } from '../../../src/sandbox/index.js';
import type { Verdict } from '../../support/gate.js';
import { waitUntil } from '../../support/wait-until.js';
import type { Act } from '../plan/run.js';
import type { FaultyDocument } from './faulty-document.js';

/** How often the vendor refuses a revoked key before it takes it again. */
const REFUSALS = 3;

/** Does to one document what its schedule says, and tells what becomes of the message that was held meanwhile. */
export async function carryOut(
  act: Act,
  document: FaultyDocument,
  { client, sandbox, startAgain }: { client: Client; sandbox: Sandbox; startAgain: () => Promise<unknown> },
): Promise<Verdict> {
  const handle = client.workflow.getHandle(document.workflowId);
  const { jobId } = document.traces;
  switch (act) {
    case 'drop the reply':
      return 'drop';
    case 'start again':
      // The first caller may still be at it, too.
      void startAgain().catch(() => undefined);
      return 'drop';
    case 'cancel':
      await handle.cancel();
      return 'pass';
    case 'cancel, ignored by the vendor':
      sandbox.jobs.setCancel(known(jobId), 'ignored');
      await handle.cancel();
      return 'pass';
    case 'finish the job':
      await sandbox.jobs.finish(known(jobId));
      return 'pass';
    case 'let it call':
      await waitUntil(() => isCallTaken(sandbox, known(jobId)), 'the vendor’s call was taken');
      return 'pass';
    case 'terminate':
      await handle.terminate('a fault run');
      return 'pass';
    case 'reset':
      await reset(client, document.workflowId);
      return 'pass';
    case 'forget the parse':
      sandbox.jobs.vanish(known(jobId));
      return 'pass';
    case 'revoke the key':
      document.refusals = REFUSALS - 1;
      return 'wrong-key';
  }
}

/** Of its end: one vendor also tells of a job's beginning. */
const isCallTaken = ({ webhooks }: Sandbox, job: string): boolean =>
  webhooks
    .deliveries()
    .some(({ jobId, event, state }) => jobId === job && event !== 'job.created' && state === 'delivered');

function known(jobId: string | undefined): string {
  if (jobId === undefined) throw new Error('the document has no job yet');
  return jobId;
}

/** Back to the workflow's beginning. */
async function reset({ workflow, workflowService, options }: Client, workflowId: string): Promise<void> {
  const handle = workflow.getHandle(workflowId);
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const first = events?.find(({ workflowTaskCompletedEventAttributes: completed }) => completed != null);
  await workflowService.resetWorkflowExecution({
    namespace: options.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: first!.eventId!,
    reason: 'a fault run',
    requestId: randomUUID(),
  });
}
