import { proxyActivities } from '@temporalio/workflow';
import type { CollectOptions, DocumentActivities, PollOutput } from '../../src/jobs/activities.js';
import type { JobRef } from '../../src/jobs/types.js';

const { pollDocumentJob } = proxyActivities<DocumentActivities>({ startToCloseTimeout: '10 minutes' });

/** One look at a job that is done: all that a result costs, and nothing else. */
export async function collectOne(job: JobRef, collect: CollectOptions): Promise<PollOutput['state']> {
  const { state } = await pollDocumentJob({ job, windowMs: 0, elapsedMs: 0, neverSeen: true, collect });
  return state;
}
