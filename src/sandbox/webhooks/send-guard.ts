import type { AddressRange } from '../../providers/http/address-range.js';
import { guardedConnector, type RangeRefusal } from '../../providers/http/guarded-connector.js';
import { bareHost, isLoopbackHost, isNeverReached } from '../../providers/http/host-range.js';
import type { UrlGuard } from '../../providers/http/url-guard.js';
import { parseUrl } from '../../jobs/parse-url.js';

const REMEDY = 'name it in webhooks.hosts of the sandbox if it is yours';

/**
 * Decides where the sandbox sends events: to this machine, where the sandbox itself listens on no other, and to hosts that it was told of.
 * Whoever reaches it says where to, and without a key.
 */
export function createSendGuard(loopback: boolean, hosts: readonly string[]): UrlGuard {
  const named = new Set(hosts.map(bareHost));
  const isNamed = (hostname: string): boolean => named.has(bareHost(hostname));
  const isHere = (hostname: string): boolean => loopback && isLoopbackHost(hostname);
  const rangeRefusal: RangeRefusal = (hostname, range: AddressRange) =>
    (isNamed(hostname) && !isNeverReached(range)) || (isHere(hostname) && range === 'loopback')
      ? null
      : `${hostname} is not public (${range})`;
  return {
    refusal(text) {
      const url = parseUrl(text);
      if (url === null) return 'it is no URL';
      const { protocol, hostname, username, password } = url;
      if (protocol !== 'https:' && protocol !== 'http:') return `${protocol} is not called`;
      if (username !== '' || password !== '') return `a user name or password stands before ${hostname}`;
      return isNamed(hostname) || isHere(hostname) ? null : `events are not sent to ${hostname}: ${REMEDY}`;
    },
    connector: (connectMs) => guardedConnector(connectMs, { rangeRefusal }),
  };
}
