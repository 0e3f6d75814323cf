import type { CallContext, OpenAsset } from '../provider.js';
import type { VendorError } from '../vendor-error.js';
import { type ApiKey, readKey } from './api-key.js';
import type { HttpClient, HttpReply, HttpStream } from './http-client.js';
import { parseUrl } from '../../jobs/parse-url.js';

/** Whether the account's key goes with a GET of a URL that a result names: never, or to the base URL's own origin alone. */
export type ResultUrlAuth = 'never' | 'own_origin';

export interface ResultUrlAccess {
  http: HttpClient;
  baseUrl: string;
  apiKey: ApiKey;
  keyHeader: (key: string) => Record<string, string>;
  resultUrlAuth: ResultUrlAuth;
  /** The error for a reply that is no success. It may say nothing of the key or the request. */
  storageError: (endpoint: string, reply: HttpReply, secrets: readonly string[]) => VendorError;
}

export interface ResultUrl {
  url: string;
  endpoint: string;
  /** Which field of a result named it. */
  namedBy: string;
}

/** Opens the URLs that an account's results name, with the key where it belongs and nowhere else. */
export interface ResultUrls {
  /** @throws VendorError */
  open: (result: ResultUrl, context: CallContext) => Promise<HttpStream>;
  /** @throws VendorError */
  openAsset: (url: string, context: CallContext & { totalMs?: number }) => Promise<OpenAsset>;
}

const ASSET = { endpoint: 'GET file of a result', namedBy: 'a file of the result' };

export function createResultUrls(access: ResultUrlAccess): ResultUrls {
  const { http, baseUrl, apiKey, keyHeader, resultUrlAuth, storageError } = access;
  const base = new URL(baseUrl);

  async function open(
    { url, endpoint, namedBy }: ResultUrl,
    accept: string,
    { totalMs, ...context }: CallContext & { totalMs?: number },
  ): Promise<HttpStream> {
    const isOwn = resultUrlAuth === 'own_origin' && parseUrl(url)?.origin === base.origin;
    const key = isOwn ? await readKey(apiKey, endpoint, context) : null;
    const headers = { accept, ...(key === null ? {} : keyHeader(key)) };
    const reply = await http.stream(
      { method: 'GET', url, endpoint, headers, namedBy, ...(totalMs === undefined ? {} : { totalMs }) },
      context,
    );
    if ('bytes' in reply) return reply;
    throw storageError(endpoint, reply, key === null ? [] : [key]);
  }

  return {
    open: (result, context) => open(result, 'application/json', context),
    async openAsset(named, context) {
      // A path is one of the vendor's own.
      const url = named.startsWith('/') ? `${base.origin}${named}` : named;
      const { headers, bytes } = await open({ url, ...ASSET }, '*/*', context);
      return { contentType: contentTypeOf(headers['content-type']), bytes };
    },
  };
}

const UNKNOWN_TYPE = 'application/octet-stream';

/** Without parameters; what is none is not passed on, since a store writes it down. */
function contentTypeOf(header: string | string[] | undefined): string {
  const type =
    String(header ?? '')
      .split(';')[0]
      ?.trim()
      .toLowerCase() ?? '';
  return /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(type) ? type : UNKNOWN_TYPE;
}
