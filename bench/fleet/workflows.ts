// What the benches of waiting run: one parse with our wait, and the same document waited for in other ways.
import { proxyActivities, sleep } from '@temporalio/workflow';
import type { PlainActivities } from './plain-activities.js';

export * from './packaged.js';

const plain = proxyActivities<PlainActivities>({ startToCloseTimeout: '1 minute' });

/** The loop of the vendors' docs: sleep 2 s, ask, until it is done. */
export async function naiveLoop(source: string): Promise<string> {
  const jobId = await plain.submit(source);
  for (;;) {
    await sleep('2 seconds');
    if ((await plain.status(jobId)) === 'Completed') return jobId;
  }
}

const retried = proxyActivities<PlainActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 1 },
});

/** Temporal's sample of infrequent polling: the activity fails until the job is done, and the server retries it at a fixed pace. */
export async function retryAsPoll(source: string): Promise<string> {
  const jobId = await plain.submit(source);
  await retried.statusOrRetry(jobId);
  return jobId;
}
