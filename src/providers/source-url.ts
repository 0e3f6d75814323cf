import { hostRange, isLoopbackHost, isNeverReached } from './http/host-range.js';
import { redact } from './redact.js';

/** Where documents may lie that a vendor is told to fetch, beyond the public internet. */
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

/**
 * Why a document's `http(s)` URL is not handed to a vendor; null when it is. Names are not looked up: what they are at the vendor's, nobody
 * can tell from here. Never shows more of the URL than its host.
 */
export function sourceRefusal(url: string, policy: SourcePolicy): string | null {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
  // Programs disagree on these: what is a public host here may be another one there.
  if (authority === '' || /[\s\\]/.test(authority) || hasControl(url) || !URL.canParse(url)) {
    return 'is no URL that every program reads alike: expected https://host/path';
  }
  if (authority.includes('@')) {
    return "has a user name or password before its host, which would be kept in Temporal's history: use a signed URL, or upload the file";
  }
  const { hostname } = new URL(url);
  const range = hostRange(hostname);
  if (range === null || (policy.loopback && range === 'loopback')) return null;
  const host = redact(hostname);
  if (isNeverReached(range)) return `${host} is not public (${range}): no document is fetched from there`;
  if (policy.private) return null;
  return `${host} is not public (${range}), so that the vendor can't fetch from there: upload the file, or set allowPrivateSources for a vendor inside your network`;
}

const hasControl = (url: string): boolean => /[^ -\uffff]|\x7f/.test(url);
