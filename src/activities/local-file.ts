import { open } from 'node:fs/promises';
import { log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { AccountRef } from '../jobs/activities.js';
import type { FailureContext } from '../jobs/failures.js';
import { documentFailure, troubleFailure } from './failures.js';
import { SNIFF_BYTES, sniffDocument } from './sniff-document.js';
import { type ResolvedSource, SourceRefusedError, type SourceResolver } from './source-resolver.js';

/**
 * Runs `use` with a document that lies on the worker, and cleans up behind it. Its content is looked at first: what a vendor could only
 * refuse is found out here for nothing.
 * @throws DocumentSourceRefused, or a failure that Temporal retries when the source may be readable later.
 */
export async function withLocalFile<T>(
  sources: SourceResolver,
  source: string,
  { provider, account }: AccountRef,
  about: FailureContext,
  signal: AbortSignal,
  use: (file: Omit<ResolvedSource, 'cleanup'>) => Promise<T>,
): Promise<T> {
  const { cleanup, ...file } = await resolveSource(sources, source, { provider, account, signal }, about);
  try {
    await checkContent(file, about);
    return await use(file);
  } finally {
    await cleanUp(cleanup);
  }
}

/** What it leaves behind is the resolver's matter, and must not undo what was done with the document. */
async function cleanUp(cleanup: ResolvedSource['cleanup']): Promise<void> {
  try {
    await cleanup?.();
  } catch (error) {
    log.warn('A source could not be cleaned up', { reason: error instanceof Error ? error.name : 'unknown error' });
  }
}

async function resolveSource(
  sources: SourceResolver,
  source: string,
  context: Parameters<SourceResolver>[1],
  about: FailureContext,
): Promise<ResolvedSource> {
  try {
    return await sources(source, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof SourceRefusedError) throw sourceRefused(error.message, about);
    if (error instanceof ApplicationFailure) throw error;
    // A resolver of the user's own: its message may hold a signed URL.
    const kind = error instanceof Error ? error.name : 'an error';
    throw troubleFailure(`the source could not be read on the worker (${kind})`, about);
  }
}

/** The name may promise what the bytes do not hold. */
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

export const sourceRefused = (reason: string, about: FailureContext): ApplicationFailure =>
  documentFailure(
    'DocumentSourceRefused',
    `${reason}. Name a document that the worker may read and the vendor takes.`,
    {
      ...about,
      reason,
    },
  );
