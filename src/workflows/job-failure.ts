import { defined } from '../jobs/defined.js';
import type { JobRef } from '../jobs/types.js';
import type { JobEnd } from './await-job.js';
import { documentFailure } from './failure.js';
import type { JobContext } from './job-context.js';

const MEND_DOCUMENT = 'Mend the document: the vendor says that it is at fault.';
const LATER = 'Start it again later: the vendor says that this may pass.';
const ASK_VENDOR = 'Look the reason up with the vendor before it is tried again.';

/** The typed failure for a job that ended other than completed. */
export function failureOf(
  context: JobContext,
  job: JobRef,
  end: Exclude<JobEnd, { state: 'completed' }>,
  resubmits: number,
): Error {
  const { provider, account } = context;
  const { operation, jobId } = job;
  const about = { provider, account, operation, jobId };
  const name = `${operation} job ${jobId}`;
  switch (end.state) {
    case 'failed': {
      const { code, reason, transient, inputGone, documentAtFault } = end.error;
      const advice = documentAtFault ? MEND_DOCUMENT : transient ? LATER : ASK_VENDOR;
      const again = resubmits > 0 ? ` (submitted ${resubmits + 1} times)` : '';
      return documentFailure(
        'DocumentJobFailed',
        `${provider} failed ${name}${again}: ${code ?? 'no code'}: ${reason}. ${advice}`,
        {
          ...about,
          ...defined({ vendorCode: code ?? undefined, inputGone, documentAtFault }),
          reason,
          transient,
          resubmits,
        },
      );
    }
    case 'cancelled':
      return documentFailure(
        'DocumentJobCancelledElsewhere',
        `${name} was cancelled, and not by this workflow: look in the vendor's console by whom, then start it again if it is still wanted.`,
        about,
      );
    case 'lost':
      return documentFailure(
        'DocumentJobLost',
        `${provider} no longer knows ${name}: it was deleted, or kept too short for its result to be read. Start it again if it is still wanted; that is billed again.`,
        about,
      );
    case 'not_found':
      return documentFailure(
        'DocumentJobNotFound',
        `${provider} does not know ${name}: check the id, the account's key and its region.`,
        about,
      );
  }
}
