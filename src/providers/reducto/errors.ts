import { isJsonObject } from '../../jobs/json.js';
import type { HttpReply } from '../http/http-client.js';
import { retryAfterMs } from '../http/retry-after.js';
import { redact } from '../redact.js';
import { VendorError, type VendorErrorKind } from '../vendor-error.js';
import { REFERENCE_GONE } from './error-names.js';

/** The vendor's own words of a refusal, whichever of its error shapes they came in. */
export interface ErrorWords {
  name: string | undefined;
  message: string;
}

/**
 * Reads any error body: `{error: {name, message}}`, `{error: {type, message}}`, `{detail: [{loc, msg}]}`, `{detail: "…"}`,
 * `{message: "…"}`, HTML, nothing.
 */
export function errorWords(text: string): ErrorWords {
  if (/^\s*</.test(text)) return { name: undefined, message: htmlTitle(text) };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { name: undefined, message: text.trim() === '' ? 'no further words' : text };
  }
  if (!isJsonObject(body)) return { name: undefined, message: 'an answer that is no error body' };
  const { error, detail, message } = body;
  if (isJsonObject(error)) {
    const name = [error.name, error.type].find((one) => typeof one === 'string');
    return { name, message: firstText(error.message, detail, message) };
  }
  if (Array.isArray(detail)) return { name: undefined, message: detail.map(validationLine).slice(0, 5).join('; ') };
  return { name: undefined, message: firstText(detail, message, error) };
}

/** The error for a reply that is no success. `reusing`: the request named a parsed document or an upload. */
export function replyError(
  endpoint: string,
  reply: HttpReply,
  reusing: boolean,
  secrets: readonly string[],
): VendorError {
  const { name, message } = errorWords(reply.text);
  const wait = retryAfterMs(reply.headers, Date.now());
  return new VendorError({
    kind: kindOf(reply.status, name, reusing),
    endpoint,
    httpStatus: reply.status,
    ...(name === undefined ? {} : { code: redact(name, secrets) }),
    reason: `${reply.status} ${redact(message, secrets)}`,
    sent: true,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function kindOf(status: number, name: string | undefined, reusing: boolean): VendorErrorKind {
  if (status === 429) return 'rate_limited';
  if (status === 408 || status >= 500 || status < 400) return 'server';
  if (name === 'AUTH_ERROR' || status === 401) return 'auth';
  if (reusing && (status === 404 || status === 410 || (name !== undefined && REFERENCE_GONE.has(name)))) {
    return 'reference_expired';
  }
  // 403 without a name is the edge refusing the key; with one it is the document's URL that is forbidden.
  return status === 403 && name === undefined ? 'auth' : 'rejected';
}

function validationLine(issue: unknown): string {
  if (!isJsonObject(issue)) return 'invalid request';
  const where = Array.isArray(issue.loc) ? issue.loc.map(String).join('.') : '';
  return `${where}: ${typeof issue.msg === 'string' ? issue.msg : 'invalid'}`;
}

function firstText(...values: unknown[]): string {
  const text = values.find((value) => typeof value === 'string' && value.trim() !== '');
  return typeof text === 'string' ? text : 'no further words';
}

function htmlTitle(html: string): string {
  const title = /<(?:title|h1)[^>]*>([^<]*)</i.exec(html)?.[1]?.trim();
  return title === undefined || title === '' ? 'an HTML page' : `an HTML page: ${title}`;
}
