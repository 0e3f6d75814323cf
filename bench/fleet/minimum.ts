import { ActivityCancellationType, proxyActivities, sleep } from '@temporalio/workflow';
import type { PlainActivities } from './plain-activities.js';

const plain = proxyActivities<PlainActivities>({ startToCloseTimeout: '1 minute' });
const windows = proxyActivities<PlainActivities>({
  startToCloseTimeout: '16 minutes',
  heartbeatTimeout: '30 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

/** The least that has our shape: submit, sleep until it is nearly time, then one activity that waits for the end. */
export async function minimum(source: string, { expectedMs }: { expectedMs: number }): Promise<string> {
  const jobId = await plain.submit(source);
  await sleep(expectedMs * 0.8);
  await windows.awaitJob(jobId);
  return jobId;
}
