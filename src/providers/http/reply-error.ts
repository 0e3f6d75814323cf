import { redact } from '../redact.js';
import { VendorError, type VendorErrorKind } from '../vendor-error.js';
import type { HttpReply } from './http-client.js';
import { retryAfterMs } from './retry-after.js';

/** What a vendor's own reading of a reply that is no success came to. */
export interface Refusal {
  kind: VendorErrorKind;
  code: string | undefined;
  message: string;
}

/** The error for such a reply, with nothing secret in it. */
export function refusalError(
  endpoint: string,
  reply: HttpReply,
  { kind, code, message }: Refusal,
  secrets: readonly string[],
): VendorError {
  const wait = retryAfterMs(reply.headers, Date.now());
  return new VendorError({
    kind,
    endpoint,
    httpStatus: reply.status,
    ...(code === undefined ? {} : { code: redact(code, secrets) }),
    reason: `${reply.status} ${redact(message, secrets)}`,
    sent: true,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}
