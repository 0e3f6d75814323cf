import { TypedSearchAttributes } from '@temporalio/common';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { createUnsafeRandomSource } from '@temporalio/workflow/lib/random-helpers.js';

export interface BareWorkflow {
  workflowType: string;
  workflowId: string;
  runId: string;
  /** Of the first run of a chain. Default: this one. */
  firstExecutionRunId?: string;
  /** ms since the epoch. */
  now: number;
}

/** Workflows without server and worker, by the SDK's private paths, as the SDK's own tests have them. @param code a bundle. */
export const bareCreator = (code: string): Promise<ReusableVMWorkflowCreator> =>
  ReusableVMWorkflowCreator.create(parseWorkflowCode(code), 10_000, new Set());

/** One of them, not yet activated. */
export function createBareWorkflow(
  creator: ReusableVMWorkflowCreator,
  { workflowType, workflowId, runId, firstExecutionRunId = runId, now }: BareWorkflow,
): Promise<Workflow> {
  const at = new Date(now);
  return creator.createWorkflow({
    info: {
      workflowId,
      runId,
      workflowType,
      searchAttributes: {},
      typedSearchAttributes: new TypedSearchAttributes(),
      taskQueue: 'bare',
      namespace: 'default',
      firstExecutionRunId,
      originalExecutionRunId: runId,
      startTime: at,
      runStartTime: at,
      taskTimeoutMs: 10_000,
      attempt: 1,
      historyLength: 3,
      historySize: 0,
      continueAsNewSuggested: false,
      targetWorkerDeploymentVersionChanged: false,
      unsafe: {
        now: Date.now,
        isReplaying: false,
        isReplayingHistoryEvents: false,
        random: createUnsafeRandomSource(Math.random),
      },
    },
    randomnessSeed: [1, 2, 3, 4],
    now,
    showStackTraceSources: false,
  });
}
