import { VendorError } from '../vendor-error.js';

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host name could not be resolved',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed while the request was sent',
  UND_ERR_SOCKET: 'connection closed before the reply was complete',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within the time limit',
  UND_ERR_HEADERS_TIMEOUT: 'no reply within the time limit',
  UND_ERR_BODY_TIMEOUT: 'the reply stopped half way',
};
const TIMED_OUT = 'no complete reply within the time limit';

/**
 * What a failed call means, in the one error that providers throw. The error's own message is left out: it may hold URLs.
 * @param sent the request was, or may have been, written to a connection.
 */
export function networkError(endpoint: string, error: unknown, sent: boolean): VendorError {
  return new VendorError({ kind: 'unreachable', endpoint, reason: reasonOf(error), sent });
}

function reasonOf(error: unknown): string {
  let current = error as { code?: unknown; name?: unknown; cause?: unknown; errors?: unknown[] } | undefined;
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
    if (typeof current.code === 'string') return WORDS[current.code] ?? current.code;
    if (current.name === 'TimeoutError') return TIMED_OUT;
    current = (current.cause ?? current.errors?.[0]) as typeof current;
  }
  return 'network failure';
}
