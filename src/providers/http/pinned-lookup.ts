import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type AddressRange, specialRange } from './address-range.js';

/** All addresses of a name, as Node's own lookup finds them. */
export type Resolve = (
  hostname: string,
  options: { all: true; family?: number | 'IPv4' | 'IPv6' | undefined; hints?: number | undefined },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A URL, or a connection that it leads to, that the guard does not let through. */
export class UrlRefusedError extends Error {
  override readonly name = 'UrlRefusedError';
}

/**
 * A lookup for `net.connect` that gives no address it has not checked: what is connected to is what was looked at, and a name that answers
 * otherwise the next time gains nothing. One refused address refuses the name.
 * @param refusal of a host that stands in a range, null when that may be.
 */
export function pinnedLookup(
  refusal: (hostname: string, range: AddressRange, address: string) => string | null,
  resolve: Resolve = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    const { family, hints } = options;
    const done = (error: Error | null, found: LookupAddress[] = []): void => {
      if (options.all === true) callback(error, found);
      else callback(error, found[0]?.address ?? '', found[0]?.family);
    };
    resolve(hostname, { all: true, family, hints }, (error, addresses) => {
      if (error !== null) return done(error);
      if (addresses.length === 0) return done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }));
      for (const { address } of addresses) {
        const range = specialRange(address);
        const reason = range === null ? null : refusal(hostname, range, address);
        if (reason !== null) return done(new UrlRefusedError(reason));
      }
      done(null, addresses);
    });
  };
}
