import { VendorError } from '../vendor-error.js';
import { isApiError } from './error-body.js';
import type { HttpReply } from './http-client.js';

/**
 * True when the vendor refuses because it does not know what is asked for.
 * @param codes statuses by which it says so
 * @throws VendorError `server` for a 404 that is no answer of the API (a proxy's page): it says nothing
 */
export function isGone(codes: readonly number[], { status, text }: HttpReply, error: VendorError): boolean {
  if (!codes.includes(status)) return false;
  if (status === 410 || isApiError(text)) return true;
  throw new VendorError({ ...error.facts, kind: 'server' });
}
