import type { DocumentFile } from '../providers/provider.js';

/** Who asks for a source, for resolvers that decide by account. */
export interface SourceContext {
  provider: string;
  account: string;
  /** Aborted when the upload is given up. */
  signal: AbortSignal;
}

/** A document ready to be uploaded. `cleanup` is called when the upload has ended, for resolvers that made a temporary copy. */
export type ResolvedSource = DocumentFile & { cleanup?: () => void | Promise<void> };

/**
 * Finds a source on the worker: the one place that decides which local files, or documents behind schemes of your own, may leave it.
 * @param source as the workflow was given it: a path, a `file:` URL, `s3://…`.
 * @throws {SourceRefusedError} when it may not or can't be sent; any other error is taken for one that may pass, and retried.
 */
export type SourceResolver = (source: string, context: SourceContext) => Promise<ResolvedSource>;

/** Thrown by a {@link SourceResolver}; becomes the failure `DocumentSourceRefused`. `message` says why, without secrets. */
export class SourceRefusedError extends Error {
  override readonly name = 'SourceRefusedError';
}
