import { VendorError } from '../vendor-error.js';

/** Failures that happen before a connection stands: the request cannot have arrived. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_INVALID_URL',
]);

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host name could not be resolved',
  ECONNRESET: 'connection reset',
  UND_ERR_SOCKET: 'connection closed before the reply was complete',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within the time limit',
  UND_ERR_HEADERS_TIMEOUT: 'no reply within the time limit',
  UND_ERR_BODY_TIMEOUT: 'the reply stopped half way',
};

/** What a failed call means, in the one error that providers throw. `sent` is true unless the request certainly never left. */
export function networkError(endpoint: string, error: unknown): VendorError {
  const code = codeOf(error);
  const reason = WORDS[code] ?? (code === '' ? 'network failure' : code);
  return new VendorError({ kind: 'unreachable', endpoint, reason, sent: !BEFORE_SENDING.has(code) });
}

function codeOf(error: unknown): string {
  let current = error as { code?: unknown; name?: unknown; cause?: unknown; errors?: unknown[] } | undefined;
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
    if (typeof current.code === 'string') return current.code;
    if (current.name === 'TimeoutError') return 'UND_ERR_HEADERS_TIMEOUT';
    current = (current.cause ?? current.errors?.[0]) as typeof current;
  }
  return '';
}
