import type { SandboxCore } from './core.js';
import type { SandboxJob } from './jobs.js';

/** `accepted` says what the vendor answers, not that the job stops: a fault may let it go on, or complete first. */
export type CancelVerdict = 'accepted' | 'already-ended' | 'error';

export async function cancelJob({ clock, jobs }: SandboxCore, job: SandboxJob): Promise<CancelVerdict> {
  const at = await clock.now();
  if (job.faults.cancel === 'error') return 'error';
  if (jobs.at(job, at).endedAt !== null) return 'already-ended';
  if (job.faults.cancel === 'ignored') return 'accepted';
  if (job.faults.cancel === 'completes-first') await jobs.endNow(job);
  else job.ended = { state: 'Cancelled', at };
  return 'accepted';
}
