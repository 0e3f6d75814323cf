import { type ApiKey, readKey } from '../http/api-key.js';
import { isApiError, isStorageError } from '../http/error-body.js';
import type { HttpClient, HttpReply } from '../http/http-client.js';
import type { CallContext } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { replyError } from './errors.js';

const ENDPOINT = 'GET large result';

export interface LargeResultAccess {
  http: HttpClient;
  baseUrl: string;
  apiKey: ApiKey;
}

/**
 * Opens what a pointer points to. It is served once; the URL is a secret, and the key goes to the vendor's own origin alone, since the URL
 * may also be a storage's.
 * @throws VendorError `consumed` when it was read before or is too old.
 */
export async function openLargeResult(
  url: string,
  { http, baseUrl, apiKey }: LargeResultAccess,
  context: CallContext,
): Promise<AsyncIterable<Uint8Array>> {
  const isOwn = URL.canParse(url) && new URL(url).origin === new URL(baseUrl).origin;
  const key = isOwn ? await readKey(apiKey, ENDPOINT, context) : null;
  const headers: Record<string, string> = key === null ? {} : { 'x-api-key': key };
  const reply = await http.stream({ method: 'GET', url, endpoint: ENDPOINT, headers, namedBy: 'result.url' }, context);
  if ('bytes' in reply) return reply.bytes;
  const { facts } = replyError(ENDPOINT, reply, false, key === null ? [] : [key]);
  if (isSpent(reply)) throw new VendorError({ ...facts, kind: 'consumed' });
  // Anything else that a storage says is no word about our key or our request.
  throw new VendorError({ ...facts, kind: facts.kind === 'rate_limited' ? 'rate_limited' : 'server' });
}

/** A 404 that is neither the API's answer nor a storage's says nothing: what is believed spent is paid for again. */
const isSpent = ({ status, text }: HttpReply): boolean =>
  status === 410 || (status === 404 && (isApiError(text) || isStorageError(text)));
