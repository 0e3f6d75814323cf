/** Signed URLs are used by https only, or by http on the vendor's own host when that is used by http too (the sandbox). */
export function isAllowedUrl(url: string, baseUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return true;
  const base = new URL(baseUrl);
  const sameHost = hostname === base.hostname || (isLoopback(hostname) && isLoopback(base.hostname));
  return protocol === 'http:' && base.protocol === 'http:' && sameHost;
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
