import { isIP } from 'node:net';
import { type AddressRange, specialRange } from './address-range.js';

const METADATA = /^(metadata|instance-data|rancher-metadata)$|^metadata\.(google\.internal|goog|tencentyun\.com)$/;
const LOOPBACK = /^(.+\.)?localhost(\.localdomain)?$|^(ip6-localhost|ip6-loopback)$/;
/** Reserved for networks of one's own, by a registry or by habit; no public name ends so. */
const PRIVATE = /\.(local|internal|intranet|private|corp|home|lan|localdomain|home\.arpa|svc|onion)$/;

/**
 * Why a URL's host is not on the public internet, as far as can be told without asking a name server.
 * @param hostname as `URL` has it: decimal, octal, hexadecimal and percent-encoded addresses are plain ones there.
 * @returns null for a public address, and for a name that may have one.
 */
export function hostRange(hostname: string): AddressRange | null {
  const host = bareHost(hostname);
  if (isIP(host) !== 0) return specialRange(host);
  if (LOOPBACK.test(host)) return 'loopback';
  if (METADATA.test(host)) return 'cloud metadata';
  return PRIVATE.test(host) ? 'private' : null;
}

export const isLoopbackHost = (hostname: string): boolean => hostRange(hostname) === 'loopback';

/** Where no option lets anything go: nobody keeps documents there, and what is there opens everything else. */
export const isNeverReached = (range: AddressRange): boolean => range === 'cloud metadata' || range === 'link-local';

/** Without the brackets around an IPv6 address and the dots that may end a name. */
export const bareHost = (hostname: string): string =>
  hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.+$/, '');
