import type { Clock } from '../clock.js';
import type { JobState } from '../job-life.js';
import type { Jobs, SandboxJob } from '../jobs.js';
import { pause } from '../pause.js';

/** How often ends are looked for, in real time: jobs have no timers, and their clock may be a simulated one. */
const TICK_MS = 20;

/** Tells of jobs' ends when they have come, however they came. */
export interface JobWatch {
  add(job: SandboxJob, ended: (state: JobState) => void): void;
}

export function watchJobs(jobs: Jobs, clock: Clock, closing: AbortSignal): JobWatch {
  const watched = new Map<SandboxJob, (state: JobState) => void>();
  let isLooking = false;

  async function look(): Promise<void> {
    isLooking = true;
    while (watched.size > 0 && !closing.aborted) {
      const now = await clock.now().catch(() => null);
      for (const [job, ended] of now === null ? [] : watched) {
        // What the vendor has never heard of, it does not tell of.
        if (job.faults.vanished || job.deletedAt !== null) watched.delete(job);
        const { state, endedAt } = jobs.at(job, now ?? 0);
        if (endedAt === null || !watched.delete(job)) continue;
        ended(state);
      }
      await pause(TICK_MS, closing);
    }
    isLooking = false;
  }

  return {
    add(job, ended) {
      watched.set(job, ended);
      if (!isLooking) void look();
    },
  };
}
