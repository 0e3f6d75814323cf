import { Context } from '@temporalio/activity';
import type { DocumentActivities } from '../jobs/activities.js';
import { findAccount } from './account.js';
import type { ActivityDeps } from './activity-deps.js';
import { refusalOf, troubleFailure } from './failures.js';
import { readJob } from './read-job.js';

/**
 * `getDocumentJob`: one read, nothing collected. Trouble on the way fails the attempt, and Temporal retries it.
 * @throws DocumentAccountRefused when the vendor refuses the key.
 */
export function createGet(deps: ActivityDeps): DocumentActivities['getDocumentJob'] {
  return async ({ job }) => {
    const provider = await findAccount(deps.accounts, job, job);
    const reading = await readJob(provider, job, Context.current().cancellationSignal);
    switch (reading.kind) {
      case 'absent':
        return { found: false };
      case 'read':
        return { found: true, snapshot: reading.read.snapshot };
      case 'trouble': {
        const refusal = reading.error.kind === 'auth' ? refusalOf(reading.error, job) : null;
        throw refusal ?? troubleFailure(reading.error.message, job, reading.error.facts.retryAfterMs);
      }
    }
  };
}
