import { createHttpClient, DEFAULT_LIMITS, type HttpLimits } from '../providers/http/http-client.js';
import { isLoopbackHost } from '../providers/http/host-range.js';
import type { Resolve } from '../providers/http/pinned-lookup.js';
import { ReplyTooLargeError } from '../providers/http/reply-bytes.js';
import { createSourceGuard } from '../providers/source-guard.js';
import { VendorError } from '../providers/vendor-error.js';

const LIMITS: HttpLimits = { ...DEFAULT_LIMITS, fetchMs: 30_000, maxBodyBytes: 100_000_000 };
const OPEN = 'start the sandbox with allowPrivateSources';
const REDIRECTS = 5;
const FIELD = 'document URL';

/** What came of fetching a document's URL. */
export type FetchedSource =
  | { bytes: Uint8Array }
  /** It leads, itself or by a redirect, where no document is fetched from: why, without more of it than its host. */
  | { refused: string }
  /** Larger than the limit, uncompressed. */
  | { tooLarge: true }
  /** The other server's, null when there was no answer that can be read. */
  | { status: number | null };

export interface SourceFetcher {
  fetch(url: string): Promise<FetchedSource>;
  close(): Promise<void>;
}

export interface SourceFetcherOptions {
  /** What the sandbox listens on: on loopback, only its own machine can send it to loopback. */
  host: string;
  allowPrivateSources: boolean;
  /** Ends what is under way. */
  closing: AbortSignal;
  /** Default 30 s a document, 100 MB of it. */
  limits?: Partial<HttpLimits>;
  /** Default the system's. */
  resolve?: Resolve;
}

/** Fetches documents as a vendor would, and under the same guard as what a vendor names: whoever reaches the sandbox says from where. */
export function createSourceFetcher(options: SourceFetcherOptions): SourceFetcher {
  const { host, allowPrivateSources, closing, limits, resolve } = options;
  const policy = { loopback: isLoopbackHost(host), private: allowPrivateSources };
  const guard = createSourceGuard({ policy, open: OPEN, ...(resolve === undefined ? {} : { resolve }) });
  const http = createHttpClient({ ...LIMITS, ...limits }, guard);
  return {
    async fetch(url) {
      const headers = { accept: '*/*' };
      const call = { method: 'GET', url, endpoint: 'GET', namedBy: FIELD, redirects: REDIRECTS, headers } as const;
      try {
        const reply = await http.stream(call, { signal: closing });
        if (!('bytes' in reply)) return { status: reply.status };
        const chunks: Uint8Array[] = [];
        for await (const chunk of reply.bytes) chunks.push(chunk);
        return { bytes: new Uint8Array(Buffer.concat(chunks)) };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => http.close(),
  };
}

function failureOf(error: unknown): Exclude<FetchedSource, { bytes: Uint8Array }> {
  if (!(error instanceof VendorError)) return { status: null };
  const { field, reason, httpStatus = null } = error.facts;
  if (field === FIELD) return { refused: reason };
  return error instanceof ReplyTooLargeError ? { tooLarge: true } : { status: httpStatus };
}
