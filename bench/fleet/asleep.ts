import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import type { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { createBareWorkflow } from '../bare-workflow.js';

/**
 * Runs one workflow until it waits for a timer; every activity is answered at once.
 * @param n tells it from others.
 * @throws Error when it ends, or waits for something else.
 */
export async function runUntilAsleep(
  creator: ReusableVMWorkflowCreator,
  workflowType: string,
  args: unknown[],
  n: number,
  answer: unknown,
): Promise<Workflow> {
  const now = Date.now();
  const runId = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const workflowId = `document-${n}`;
  const timestamp = { seconds: Math.floor(now / 1_000), nanos: 0 };
  const workflow = await createBareWorkflow(creator, { workflowType, workflowId, runId, now });
  const initialised = { workflowType, workflowId, firstExecutionRunId: runId, originalExecutionRunId: runId };
  const toPayload = (value: unknown) => defaultPayloadConverter.toPayload(value);
  let jobs: object[] = [
    { initializeWorkflow: { ...initialised, attempt: 1, startTime: timestamp, arguments: args.map(toPayload) } },
  ];
  for (;;) {
    const { successful } = await workflow.activate(
      proto.coresdk.workflow_activation.WorkflowActivation.fromObject({ runId, timestamp, historyLength: 3, jobs }),
    );
    const commands = successful?.commands ?? [];
    if (commands.some(({ startTimer }) => startTimer)) return workflow;
    const asked = commands.flatMap(({ scheduleActivity }) => scheduleActivity ?? []);
    if (asked.length === 0) throw new Error(`${workflowType} waits for no timer: ${JSON.stringify(commands)}`);
    const result = { completed: { result: toPayload(answer) } };
    jobs = asked.map(({ seq }) => ({ resolveActivity: { seq, isLocal: false, result } }));
  }
}
