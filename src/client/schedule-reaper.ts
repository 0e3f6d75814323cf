import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { DEFAULT_TASK_QUEUE, WORKFLOW } from '../jobs/names.js';
import type { ReapInput } from '../jobs/reap.js';

export const REAPER_SCHEDULE = 'document-jobs-reaper';

export interface ScheduleReaperOptions {
  /** Time between two sweeps, ms or a string of Temporal's such as `10 minutes`. Default 10 minutes. */
  every?: number | `${number} ${'second' | 'minute' | 'hour' | 'day'}${'s' | ''}`;
  /** Default `document-jobs-reaper`: one a namespace is enough. */
  scheduleId?: string;
  /** Task queue of a worker that has `reapOrphanedJobs` and our activities. Default `document-jobs`. */
  taskQueue?: string;
  input?: ReapInput;
}

/**
 * Has `reapOrphanedJobs` run by a Temporal Schedule. Made to be called at every deploy: a schedule that is there already is brought up to date.
 * @throws {ServiceError} of `@temporalio/client` when Temporal can't be reached or refuses.
 */
export async function scheduleReaper(
  client: Client,
  {
    every = '10 minutes',
    scheduleId = REAPER_SCHEDULE,
    taskQueue = DEFAULT_TASK_QUEUE,
    input = {},
  }: ScheduleReaperOptions = {},
): Promise<'created' | 'updated'> {
  const schedule = {
    spec: { intervals: [{ every }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: WORKFLOW.reapOrphanedJobs,
      workflowId: scheduleId,
      taskQueue,
      args: [input],
    },
    // A sweep that is late makes the next one look further back, so that none has to be caught up on.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' as const },
  };
  try {
    await client.schedule.create({ scheduleId, ...schedule });
    return 'created';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...schedule, state }));
    return 'updated';
  }
}
