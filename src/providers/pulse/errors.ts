import { isJsonObject } from '../../jobs/json.js';
import { firstText, isMarkup, readErrorBody } from '../http/error-body.js';
import type { HttpReply } from '../http/http-client.js';
import { refusalError } from '../http/reply-error.js';
import { VendorError, type VendorErrorKind } from '../vendor-error.js';

/** The vendor's own words of a refusal, whichever of its error shapes they came in. */
export interface ErrorWords {
  code: string | undefined;
  message: string;
}

/** Reads `{error: {code, message}}`, `{error: "…"}`, `{message: "…"}`, and whatever a gateway may send instead. */
export function errorWords(text: string): ErrorWords {
  const body = readErrorBody(text);
  if ('words' in body) return { code: undefined, message: body.words };
  const { error, message, code } = body.json;
  const envelope = isJsonObject(error) ? error : {};
  const own = [envelope.code, code].find((one) => typeof one === 'string' && one !== '');
  return {
    code: typeof own === 'string' ? own : undefined,
    message: firstText(envelope.message, error, message),
  };
}

/** The error for a reply that is no success. `reusing`: the request named a parsed document or a split. */
export function replyError(
  endpoint: string,
  reply: HttpReply,
  reusing: boolean,
  secrets: readonly string[],
): VendorError {
  const words = errorWords(reply.text);
  const kind = kindOf(reply, words, reusing);
  const error = refusalError(endpoint, reply, { kind, ...words }, secrets);
  if (kind !== 'rejected' || reply.status !== 403) return error;
  return new VendorError({ ...error.facts, reason: `${error.facts.reason}${FORBIDDEN}` });
}

/** What a 403 that is not about the key may mean; its own words may not say it. */
const FORBIDDEN = " (the organisation may lack the feature, or it is another organisation's)";

function kindOf({ status, text }: HttpReply, { code = '', message }: ErrorWords, reusing: boolean): VendorErrorKind {
  if (status === 429) return 'rate_limited';
  if (status === 408 || status >= 500 || status < 400) return 'server';
  if (status === 401) return 'auth';
  // A page is the edge refusing the key; the API itself says by a code that it is the key.
  if (status === 403) return /^AUTH_/i.test(code) || isMarkup(text) ? 'auth' : 'rejected';
  // A proxy's 404 page is no word of the vendor's, and a reference that is believed gone is paid for again. A saved configuration may be
  // what is missing.
  const isGone = (status === 404 || status === 410) && !isMarkup(text) && !/\bconfig/i.test(message);
  return reusing && isGone ? 'reference_expired' : 'rejected';
}
