import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { temporalSide } from '../../histories/temporal-side.js';
import type { ProcessBatchInput } from '../../jobs/batch.js';

/** What a batch was started with, and its task queue: the first event of its latest run says so, which is all that is read. */
export async function batchInput(
  client: Client,
  batchId: string,
): Promise<{ input: ProcessBatchInput; taskQueue: string }> {
  const { namespace } = client.options;
  // Throws what this client throws for an unknown id.
  const { taskQueue, runId } = await client.workflow.getHandle(batchId).describe();
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId: batchId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const input = (await temporalSide(client).decode(started?.input)) as ProcessBatchInput | undefined;
  if (input === undefined) throw new WorkflowNotFoundError(`no history of ${batchId}`, batchId, undefined);
  return { input, taskQueue };
}
