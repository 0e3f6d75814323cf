import type { Clock } from './clock.js';
import type { JobFaults } from './faults.js';
import type { Jobs, SandboxJob } from './jobs.js';

/** For tests that want a job to be somewhere now. All throw when there is no such job. */
export interface JobControls {
  /** The job ends now as it would have ended, however long it had to go, also when it was stuck. */
  finish(jobId: string): Promise<void>;
  fail(jobId: string, reason: { name: string; message: string; code?: number }): Promise<void>;
  /** From now on the vendor has never heard of the job. */
  vanish(jobId: string): void;
  /** The job reports this word, and does not end, until it is given null. */
  setStatusWord(jobId: string, word: string | null): void;
  /** What a cancel of the job comes to: it is taken and ignored, the job completes first, or the vendor answers with an error. Null: the job is cancelled. */
  setCancel(jobId: string, fate: JobFaults['cancel']): void;
}

export function createJobControls(jobs: Jobs, clock: Clock): JobControls {
  const existing = (jobId: string): SandboxJob => {
    const job = jobs.get(jobId);
    if (!job) throw new Error(`the sandbox has no job ${jobId}`);
    return job;
  };
  return {
    async finish(jobId) {
      await jobs.endNow(existing(jobId));
    },
    async fail(jobId, { name, message, code = 500 }) {
      existing(jobId).ended = { state: 'Failed', at: await clock.now(), error: { code, name, message } };
    },
    vanish(jobId) {
      existing(jobId).faults.vanished = true;
    },
    setStatusWord(jobId, word) {
      existing(jobId).faults.word = word === null ? null : { statusWord: word, forMs: Infinity };
    },
    setCancel(jobId, fate) {
      existing(jobId).faults.cancel = fate;
    },
  };
}
