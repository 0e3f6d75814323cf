import { buildConnector } from 'undici';
import type { AddressRange } from './address-range.js';
import { hostRange } from './host-range.js';
import { pinnedLookup, type Resolve, UrlRefusedError } from './pinned-lookup.js';

/**
 * Why nothing is fetched from a host that stands in a range; null when it may be.
 * @param address which of its addresses; none where the name itself says it.
 */
export type RangeRefusal = (hostname: string, range: AddressRange, address?: string) => string | null;

export interface GuardedConnections {
  rangeRefusal: RangeRefusal;
  /** Connections about which no question is asked. Default none. */
  isOwn?: (to: buildConnector.Options) => boolean;
  /** Default the system's. */
  resolve?: Resolve | undefined;
}

/** A host's own refusal, before anything is looked up. @param hostname as `URL` has it */
export function nameRefusal(hostname: string, rangeRefusal: RangeRefusal): string | null {
  const range = hostRange(hostname);
  return range === null ? null : rangeRefusal(hostname, range);
}

/** Makes connections only to addresses that were checked, see {@link pinnedLookup}. */
export function guardedConnector(
  connectMs: number,
  { rangeRefusal, isOwn = () => false, resolve }: GuardedConnections,
): buildConnector.connector {
  const own = buildConnector({ timeout: connectMs });
  const pinned = buildConnector({ timeout: connectMs, lookup: pinnedLookup(rangeRefusal, resolve) });
  return (options, callback) => {
    if (isOwn(options)) return own(options, callback);
    // An address is connected to without a lookup, and a name that is refused is not even looked up.
    const reason = nameRefusal(options.hostname, rangeRefusal);
    if (reason === null) pinned(options, callback);
    else callback(new UrlRefusedError(reason), null);
  };
}
