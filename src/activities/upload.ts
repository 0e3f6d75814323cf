import { open } from 'node:fs/promises';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { DocumentActivities, UploadInput } from '../jobs/activities.js';
import type { FailureContext } from '../jobs/failures.js';
import { VendorError } from '../providers/vendor-error.js';
import { findAccount } from './account.js';
import type { ActivityDeps } from './activity-deps.js';
import { documentFailure, refusalOf, replyInvalid, troubleFailure } from './failures.js';
import { startHeart } from './heart.js';
import { SNIFF_BYTES, sniffDocument } from './sniff-document.js';
import { type ResolvedSource, SourceRefusedError } from './source-resolver.js';

/**
 * `uploadDocument`: hands a source that lies on the worker to the vendor. What the vendor can fetch itself, or already has, comes back as it
 * is. Uploads cost nothing, so that trouble is simply retried by Temporal.
 */
export function createUpload(deps: ActivityDeps): DocumentActivities['uploadDocument'] {
  return async (input) => {
    const context = Context.current();
    const { source } = input;
    const about: FailureContext = { provider: input.provider, account: input.account, operation: 'upload' };
    const heart = startHeart(context, deps.clock, () => ({}));
    heart.beat();
    let resolved: ResolvedSource | undefined;
    try {
      const provider = await findAccount(deps.accounts, input, about);
      if (/^https?:\/\//i.test(source) || provider.isReference(source)) return { reference: source, uploaded: false };
      if (provider.upload === undefined) {
        throw sourceRefused(`${provider.name} has no upload: give an https URL`, about);
      }
      resolved = await resolveSource(deps, input, about, context.cancellationSignal);
      await checkContent(resolved, about);
      const { cleanup: _cleanup, ...document } = resolved;
      const { reference } = await provider.upload(document, { signal: context.cancellationSignal });
      return { reference, uploaded: true };
    } catch (error) {
      context.cancellationSignal.throwIfAborted();
      throw error instanceof VendorError ? uploadFailure(error, about) : error;
    } finally {
      heart.stop();
      await resolved?.cleanup?.();
    }
  };
}

function uploadFailure(error: VendorError, about: FailureContext): ApplicationFailure {
  if (error.kind === 'invalid_reply') return replyInvalid(error, about);
  return refusalOf(error, about) ?? troubleFailure(error.message, about, error.facts.retryAfterMs);
}

async function resolveSource(
  deps: ActivityDeps,
  { source, provider, account }: UploadInput,
  about: FailureContext,
  signal: AbortSignal,
): Promise<ResolvedSource> {
  try {
    return await deps.sources(source, { provider, account, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SourceRefusedError) throw sourceRefused(error.message, about);
    if (error instanceof ApplicationFailure) throw error;
    // A resolver of the user's own: its message may hold a signed URL.
    const kind = error instanceof Error ? error.name : 'an error';
    throw troubleFailure(`the source could not be read on the worker (${kind})`, about);
  }
}

/** The name may promise what the bytes do not hold: found out here it costs nothing. */
async function checkContent({ path, filename }: ResolvedSource, about: FailureContext): Promise<void> {
  const head = await readHead(path).catch((error: unknown) => {
    const code = (error as { code?: string }).code ?? 'unknown error';
    throw sourceRefused(`${filename}: the worker can't read it (${code})`, about);
  });
  const { refusal } = sniffDocument(filename, head);
  if (refusal !== null) throw sourceRefused(`${filename}: ${refusal}`, about);
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const sourceRefused = (reason: string, about: FailureContext): ApplicationFailure =>
  documentFailure('DocumentSourceRefused', reason, { ...about, reason });
