import { isJsonObject } from '../../jobs/json.js';
import { firstText, isMarkup, readErrorBody } from '../http/error-body.js';
import type { HttpReply } from '../http/http-client.js';
import { refusalError } from '../http/reply-error.js';
import { VendorError, type VendorErrorKind } from '../vendor-error.js';
import { isOverload, REFERENCE_GONE } from './error-names.js';

/** The vendor's own words of a refusal, whichever of its error shapes they came in. */
export interface ErrorWords {
  name: string | undefined;
  message: string;
}

/**
 * Reads any error body: `{error: {name, message}}`, `{error: {type, message}}`, `{detail: [{loc, msg}]}`, `{detail: "…"}`,
 * `{message: "…"}`, HTML, a storage's XML, nothing.
 */
export function errorWords(text: string): ErrorWords {
  const body = readErrorBody(text);
  if ('words' in body) return { name: undefined, message: body.words };
  const { error, detail, message } = body.json;
  if (isJsonObject(error)) {
    const name = [error.name, error.type].find((one) => typeof one === 'string');
    return { name, message: firstText(error.message, validation(detail), message) };
  }
  return { name: undefined, message: firstText(validation(detail), message, error) };
}

/** The error for a reply that is no success. `reusing`: the request named a parsed document or an upload. */
export function replyError(
  endpoint: string,
  reply: HttpReply,
  reusing: boolean,
  secrets: readonly string[],
): VendorError {
  const { name, message } = errorWords(reply.text);
  return refusalError(endpoint, reply, { kind: kindOf(reply, name, reusing), code: name, message }, secrets);
}

/**
 * The error for a signed URL that does not serve. It says nothing of the key, which was not sent, nor of the request: a fresh URL may do.
 */
export function storageError(endpoint: string, reply: HttpReply): VendorError {
  const { facts } = replyError(endpoint, reply, false, []);
  return new VendorError({ ...facts, kind: facts.kind === 'rate_limited' ? 'rate_limited' : 'server' });
}

function kindOf({ status, text }: HttpReply, name: string | undefined, reusing: boolean): VendorErrorKind {
  if (status === 429) return 'rate_limited';
  if (status === 408 || status >= 500 || status < 400) return 'server';
  // Which code comes with which name is not published: a vendor that is full may say so with any.
  if (name === 'RATE_LIMIT') return 'rate_limited';
  if (isOverload(name)) return 'server';
  if (name === 'AUTH_ERROR' || status === 401) return 'auth';
  // A proxy's 404 page is no word of the vendor's, and a reference that is believed gone is paid for again.
  const isGone = (status === 404 || status === 410) && !isMarkup(text);
  if (reusing && (isGone || (name !== undefined && REFERENCE_GONE.has(name)))) return 'reference_expired';
  // 403 without a name is the edge refusing the key; with one it is the document's URL that is forbidden.
  return status === 403 && name === undefined ? 'auth' : 'rejected';
}

function validation(detail: unknown): unknown {
  return Array.isArray(detail) ? detail.slice(0, 5).map(validationLine).join('; ') : detail;
}

function validationLine(issue: unknown): string {
  if (!isJsonObject(issue)) return 'invalid request';
  const where = Array.isArray(issue.loc) ? issue.loc.filter((one) => typeof one !== 'object').join('.') : '';
  const words = typeof issue.msg === 'string' ? issue.msg : 'invalid';
  return where === '' ? words : `${where}: ${words}`;
}
