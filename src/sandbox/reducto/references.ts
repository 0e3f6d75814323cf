import type { SandboxCore } from '../core.js';
import type { LoadView } from '../view.js';
import { apiError } from './api-error.js';
import type { ReductoSwitches } from './switches.js';

/** Finished parses that later jobs may build on. */
export interface ReferenceBook {
  remember(jobId: string, load: LoadView): void;
  /** @throws ApiError when the job is unknown, gone, no parse, or not completed */
  resolve(jobId: string, now: number): LoadView;
}

export function createReferenceBook({ jobs }: SandboxCore, switches: ReductoSwitches): ReferenceBook {
  const loads = new Map<string, LoadView>();
  return {
    remember: (jobId, load) => void loads.set(jobId, load),
    resolve(jobId, now) {
      const job = jobs.get(jobId, 'reducto');
      const gone = job && jobs.gone(job, now);
      if (job && gone === 'deleted') {
        throw apiError(410, 'JOB_DELETED', 'The referenced job was deleted.');
      }
      if (!job || gone) throw apiError(404, 'NOT_FOUND', 'The referenced job was not found. It may have expired.');
      const load = loads.get(jobId);
      if (!load) throw apiError(400, 'NOT_APPLICABLE', 'jobid:// must name a parse job.');
      const { state } = jobs.at(job, now);
      if (state === 'Completed') return load;
      if (state === 'Cancelled') throw apiError(400, 'JOB_CANCELLED', 'The referenced job was cancelled.');
      if (state === 'Failed') throw apiError(400, 'JOB_STATE_ERROR', 'The referenced job failed.');
      throw apiError(switches.unfinishedReference, 'JOB_NOT_COMPLETE', 'The referenced job is not complete.');
    },
  };
}
