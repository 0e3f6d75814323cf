import type { AddressRange } from './http/address-range.js';
import { hostRange, isLoopbackHost, isNeverReached } from './http/host-range.js';
import { redact } from './redact.js';
import { parseUrl } from '../jobs/parse-url.js';

/** Where what a vendor is told to fetch, or to call, may stand beyond the public internet. */
export interface SourcePolicy {
  /** On this machine: the base URL is there too (the sandbox). */
  loopback: boolean;
  /** In a private network: the account's option `allowPrivateSources`. */
  private: boolean;
}

export const PUBLIC_SOURCES: SourcePolicy = { loopback: false, private: false };

export const sourcePolicy = (baseUrl: string, allowPrivateSources: boolean): SourcePolicy => ({
  loopback: isLoopbackHost(new URL(baseUrl).hostname),
  private: allowPrivateSources,
});

export const isUrl = (source: string): boolean => /^https?:\/\//i.test(source);

/** What a user can do about a private host; whoever is not configured by `allowPrivateSources` says it in other words. */
const OPEN = 'set allowPrivateSources for a vendor inside your network';

/**
 * Why a document's `http(s)` URL is not handed to a vendor; null when it is. Names are not looked up: what they are at the vendor's, nobody
 * can tell from here. Never shows more of the URL than its host.
 */
export function sourceRefusal(url: string, policy: SourcePolicy, open = OPEN): string | null {
  const fault = urlFault(url);
  if (fault === 'ambiguous') return 'is no URL that every program reads alike: expected https://host/path';
  if (fault === 'login') {
    return "has a user name or password before its host, which would be kept in Temporal's history: use a signed URL, or upload the file";
  }
  const { hostname } = new URL(url);
  const range = closedRange(hostname, hostRange(hostname), policy);
  if (range === null) return null;
  const host = redact(hostname);
  return isNeverReached(range)
    ? `${host} is not public (${range}): no document is fetched from there`
    : `${host} is not public (${range}), so that the vendor can't fetch from there: upload the file, or ${open}`;
}

/**
 * Why a vendor is not told to call a URL when a job ends; null when it may be. By https only, as its path tends to hold a token, but on this
 * machine where the policy lets it. Never shows more of the URL than its host.
 */
export function webhookRefusal(url: unknown, policy: SourcePolicy): string | null {
  const fault = typeof url === 'string' ? urlFault(url) : 'ambiguous';
  if (fault === 'ambiguous') return 'expected a URL that every program reads alike: https://host/path';
  if (fault === 'login') {
    return "has a user name or password before its host, which would be kept in Temporal's history: let the path say who may call";
  }
  const { protocol, hostname } = new URL(url as string);
  const range = hostRange(hostname);
  const host = redact(hostname);
  const closed = closedRange(hostname, range, policy);
  if (closed !== null) {
    const remedy = isNeverReached(closed)
      ? 'nothing is called there'
      : `name a host that the vendor reaches, or ${OPEN}`;
    return `${host} is not public (${closed}): ${remedy}`;
  }
  const isOwnMachine = policy.loopback && range === 'loopback';
  return protocol === 'https:' || isOwnMachine ? null : `${host} would be called without encryption: expected https`;
}

/** What is wrong with a URL whatever its host is. */
function urlFault(url: string): 'ambiguous' | 'login' | null {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
  // Programs disagree on these: what is a public host here may be another one there.
  if (authority === '' || /[\s\\]/.test(authority) || hasControl(url) || parseUrl(url) === null) return 'ambiguous';
  return authority.includes('@') ? 'login' : null;
}

/** @returns the range if it is closed to what stands there. On this machine is what is called so: a public name that leads here is not. */
export function closedRange(hostname: string, range: AddressRange | null, policy: SourcePolicy): AddressRange | null {
  if (range === null || isNeverReached(range)) return range;
  return policy.private || (policy.loopback && range === 'loopback' && isLoopbackHost(hostname)) ? null : range;
}

const hasControl = (url: string): boolean => /[^ -\uffff]|\x7f/.test(url);
