import { isApiError, isStorageError } from '../http/error-body.js';
import type { HttpReply } from '../http/http-client.js';
import type { ResultUrls } from '../http/result-urls.js';
import type { CallContext } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { replyError } from './errors.js';

/**
 * Opens what a pointer points to. It is served once; the URL is a secret.
 * @throws VendorError `consumed` when it was read before or is too old.
 */
export async function openLargeResult(
  url: string,
  resultUrls: ResultUrls,
  context: CallContext,
): Promise<AsyncIterable<Uint8Array>> {
  const { bytes } = await resultUrls.open({ url, endpoint: 'GET large result', namedBy: 'result.url' }, context);
  return bytes;
}

/** The error for a URL of a result that does not serve. Whatever a storage says is no word about our key or our request. */
export function storageError(endpoint: string, reply: HttpReply, secrets: readonly string[]): VendorError {
  const { facts } = replyError(endpoint, reply, false, secrets);
  if (isSpent(reply)) return new VendorError({ ...facts, kind: 'consumed' });
  return new VendorError({ ...facts, kind: facts.kind === 'rate_limited' ? 'rate_limited' : 'server' });
}

/** A 404 that is neither the API's answer nor a storage's says nothing: what is believed spent is paid for again. */
const isSpent = ({ status, text }: HttpReply): boolean =>
  status === 410 || (status === 404 && (isApiError(text) || isStorageError(text)));
