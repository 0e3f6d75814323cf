import { isJsonObject } from '../../jobs/json.js';
import { UrlResult } from './schemas.js';

/** Fields of a finished body that may lie behind a signed URL. */
const PLACES = ['result', 'citations'] as const;

/** Fetches what a body keeps behind URLs and puts it in its place, so that no signed URL is left to travel. */
export async function resolveUrls(body: unknown, fetchJson: (url: string) => Promise<unknown>): Promise<unknown> {
  if (!isJsonObject(body)) return body;
  const resolved: Record<string, unknown> = { ...body };
  for (const place of PLACES) {
    const value = UrlResult.safeParse(body[place]);
    if (value.success) resolved[place] = asInline(body.response_type, await fetchJson(value.data.url));
  }
  return resolved;
}

/** Behind a parse's URL lies the full result, or a bare array of its chunks. */
function asInline(responseType: unknown, fetched: unknown): unknown {
  const bare = Array.isArray(fetched) && (responseType === 'parse' || isChunkList(fetched));
  return bare ? { type: 'full', chunks: fetched, ocr: null, custom: null } : fetched;
}

const isChunkList = (list: unknown[]): boolean =>
  list.length > 0 && list.every((one) => isJsonObject(one) && Array.isArray(one.blocks) && 'embed' in one);

/** Only the vendor's own storage by https, or loopback when the vendor itself is on loopback (the sandbox). */
export function isAllowedResultUrl(url: string, baseUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (isLoopback(hostname) && isLoopback(new URL(baseUrl).hostname));
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
