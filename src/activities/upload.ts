import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import type { DocumentActivities } from '../jobs/activities.js';
import type { FailureContext } from '../jobs/failures.js';
import { VendorError } from '../providers/vendor-error.js';
import { findAccount } from './account.js';
import type { ActivityDeps } from './activity-deps.js';
import { refusalOf, replyInvalid, troubleFailure } from './failures.js';
import { startHeart } from './heart.js';
import { liesOnWorker } from './lies-on-worker.js';
import { sourceRefused, withLocalFile } from './local-file.js';

/**
 * `uploadDocument`: hands a source that lies on the worker to the vendor. What the vendor can fetch itself, or already has, comes back as it
 * is, and so does, once it has been looked at, what goes with the submit. Uploads cost nothing, so that trouble is simply retried by Temporal.
 */
export function createUpload(deps: ActivityDeps): DocumentActivities['uploadDocument'] {
  return async (input) => {
    const context = Context.current();
    const { source } = input;
    const about: FailureContext = { provider: input.provider, account: input.account, operation: 'upload' };
    const heart = startHeart(context, deps.clock, () => ({}));
    heart.beat();
    const signal = context.cancellationSignal;
    try {
      const provider = await findAccount(deps.accounts, input, about);
      const asItIs = { reference: source, uploaded: false };
      if (!liesOnWorker(provider, source)) return asItIs;
      if (provider.upload === undefined && provider.fileOperations === undefined) {
        throw sourceRefused(`${provider.name} has no upload: give an https URL`, about);
      }
      return await withLocalFile(deps.sources, source, input, about, signal, async (file) => {
        const sha256 = await hashOf(file.path, signal);
        const uploaded = await provider.upload?.(file, { signal });
        return uploaded === undefined ? { ...asItIs, sha256 } : { ...uploaded, uploaded: true, sha256 };
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof VendorError ? uploadFailure(error, about) : error;
    } finally {
      heart.stop();
    }
  };
}

/** Of the bytes, for the document's manifest. */
async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}

function uploadFailure(error: VendorError, about: FailureContext): ApplicationFailure {
  if (error.kind === 'invalid_reply') return replyInvalid(error, about);
  return refusalOf(error, about) ?? troubleFailure(error.message, about, error.facts.retryAfterMs);
}
