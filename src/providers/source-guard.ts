import { guardedConnector, type RangeRefusal } from './http/guarded-connector.js';
import type { Resolve } from './http/pinned-lookup.js';
import type { UrlGuard } from './http/url-guard.js';
import { closedRange, isUrl, type SourcePolicy, sourceRefusal } from './source-url.js';

export interface SourceGuardOptions {
  policy: SourcePolicy;
  /** What opens private networks, for messages: `set allowPrivateSources for …`. */
  open: string;
  /** Default the system's. */
  resolve?: Resolve;
}

/**
 * Decides which documents are fetched for others, as a vendor has to: what {@link sourceRefusal} lets through, by `http` too, and from
 * addresses for which the same holds. Nothing is its own origin.
 */
export function createSourceGuard({ policy, open, resolve }: SourceGuardOptions): UrlGuard {
  const rangeRefusal: RangeRefusal = (hostname, range, address = hostname) =>
    closedRange(hostname, range, policy) === null ? null : `${hostname} (${address}) is not public (${range})`;
  return {
    refusal: (url) => (isUrl(url) ? sourceRefusal(url, policy, open) : 'expected http or https'),
    connector: (connectMs) => guardedConnector(connectMs, { rangeRefusal, resolve }),
  };
}
