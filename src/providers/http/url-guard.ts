import type { buildConnector } from 'undici';
import type { AddressRange } from './address-range.js';
import { guardedConnector, nameRefusal } from './guarded-connector.js';
import { bareHost, isLoopbackHost, isNeverReached } from './host-range.js';
import type { Resolve } from './pinned-lookup.js';
import { parseUrl } from '../../jobs/parse-url.js';

export interface UrlGuardOptions {
  /** The account's own; what it says of itself is believed. */
  baseUrl: string;
  /** See the providers' option of this name. */
  resultHosts?: readonly string[];
  /** Default the system's. */
  resolve?: Resolve;
}

/** Decides which URLs are fetched, or written to. */
export interface UrlGuard {
  /** Why a URL is not, before anything is looked up; null when it may be. Never shows more of it than its host. */
  refusal(url: string): string | null;
  /** Makes all connections: only to addresses that it has checked, unless they are its own origin's. */
  connector(connectMs: number): buildConnector.connector;
}

/**
 * Lets through: the base URL's own origin, whatever its address; `https` to public addresses; hosts that `resultHosts` names, wherever they
 * stand but at a metadata service or link-local; and loopback when the base URL is there too (the sandbox). `http` only if the base URL is `http`,
 * and then only to its origin, to named hosts and to loopback.
 */
export function createUrlGuard({ baseUrl, resultHosts = [], resolve }: UrlGuardOptions): UrlGuard {
  const base = new URL(baseUrl);
  const isNamed = (hostname: string): boolean => resultHosts.some((pattern) => fits(bareHost(hostname), pattern));
  const isOwnMachine = (hostname: string): boolean => isLoopbackHost(hostname) && isLoopbackHost(base.hostname);

  function rangeRefusal(hostname: string, range: AddressRange, address?: string): string | null {
    if (range === 'loopback' && isOwnMachine(hostname)) return null;
    if (isNamed(hostname) && !isNeverReached(range)) return null;
    const where = address === undefined ? hostname : `${hostname} (${address})`;
    const remedy = isNeverReached(range) ? '' : '; name the host in resultHosts if it is yours';
    return `${where} is not public: ${range}${remedy}`;
  }

  return {
    refusal(text) {
      const url = parseUrl(text);
      if (url === null) return 'it is no URL';
      const { protocol, hostname, origin, username, password } = url;
      if (protocol !== 'https:' && protocol !== 'http:') return `${protocol} is not fetched`;
      if (username !== '' || password !== '') return `a user name or password stands before ${hostname}`;
      if (origin === base.origin) return null;
      const isTrusted = isNamed(hostname) || isOwnMachine(hostname);
      if (protocol === 'http:' && !(isTrusted && base.protocol === 'http:')) return `${hostname} is not asked by https`;
      if (resultHosts.length > 0 && !isTrusted) return `${hostname} is none of resultHosts`;
      return nameRefusal(hostname, rangeRefusal);
    },

    connector: (connectMs) =>
      guardedConnector(connectMs, {
        rangeRefusal,
        isOwn: ({ protocol, host }) => protocol === base.protocol && host === base.host,
        resolve,
      }),
  };
}

/** `storage.example` is that host, `*.storage.example` all below it. */
function fits(host: string, pattern: string): boolean {
  const wanted = pattern.toLowerCase();
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === bareHost(wanted);
}
