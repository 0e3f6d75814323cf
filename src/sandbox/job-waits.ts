import type { SandboxCore } from './core.js';
import type { JobEnd } from './job-life.js';
import type { SandboxJob } from './jobs.js';
import { pause } from './pause.js';

/** How long a read waits for a document that is still being read; a simulated clock must not depend on real speed. */
const SETTLE_MS = 5_000;

/** Waits until the job's document is read, so that what is told of the job depends on the clock alone. */
export async function settled(job: SandboxJob): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, SETTLE_MS)));
  await Promise.race([job.prepared, limit]);
  clearTimeout(timer);
}

/**
 * Waits as a synchronous call does: in real time, also when the jobs' clock is simulated.
 * @returns null when the job takes longer than `limitMs`; it goes on
 */
export async function finishInRealTime(
  { jobs, closing }: SandboxCore,
  job: SandboxJob,
  limitMs: number,
): Promise<JobEnd | null> {
  await job.prepared;
  const { stuck, word } = job.faults;
  const lasts = stuck ? Infinity : Math.max(job.ready?.durationMs ?? 0, word?.forMs ?? 0);
  await pause(Math.min(lasts, limitMs), closing);
  return lasts > limitMs ? null : jobs.endNow(job);
}
