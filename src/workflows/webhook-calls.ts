import { defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';
import { WEBHOOK_SIGNAL } from '../jobs/names.js';
import type { WebhookSignal } from '../jobs/webhook.js';

/** Webhooks of this workflow's jobs, also of jobs whose submit has not told their id yet. */
export interface WebhookCalls {
  /** How often a job was called for so far. */
  of(jobId: string): number;
}

/** More jobs than any workflow has at once; calls for others than its own would fill this. */
const MAX_JOBS = 10_000;

/** Hears the calls from now on, and those that came before anybody listened. What they say is not believed: they only end a sleep. */
export function hearWebhooks(): WebhookCalls {
  const calls = new Map<string, number>();
  setHandler(defineSignal<[WebhookSignal]>(WEBHOOK_SIGNAL), (call) => {
    const { jobId, firstExecutionRunId: meant = workflowInfo().firstExecutionRunId } = call ?? {};
    if (meant !== workflowInfo().firstExecutionRunId || typeof jobId !== 'string') return;
    if (calls.size < MAX_JOBS || calls.has(jobId)) calls.set(jobId, (calls.get(jobId) ?? 0) + 1);
  });
  return { of: (jobId) => calls.get(jobId) ?? 0 };
}
