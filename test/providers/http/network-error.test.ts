import { expect, it } from 'vitest';
import { networkError } from '../../../src/providers/http/network-error.js';

const coded = (code: string, cause?: unknown): Error => Object.assign(new Error('secret words', { cause }), { code });

it.each([
  ['refused', coded('ECONNREFUSED'), 'connection refused'],
  ['refused on every address', new AggregateError([coded('ECONNREFUSED')]), 'connection refused'],
  ['unknown host, wrapped', new TypeError('fetch failed', { cause: coded('ENOTFOUND') }), 'host not found'],
  ['a bad certificate', coded('CERT_HAS_EXPIRED'), 'CERT_HAS_EXPIRED'],
  [
    'the outermost code counts',
    coded('UND_ERR_SOCKET', coded('ECONNREFUSED')),
    'connection closed before the reply was complete',
  ],
  ['the call’s own limit', new DOMException('secret words', 'TimeoutError'), 'no complete reply within the time limit'],
  ['no code', new Error('secret words'), 'network failure'],
  ['no error', 'secret words', 'network failure'],
])('%s: says what happened, not the error’s own words', (_what, thrown, reason) => {
  for (const sent of [true, false]) {
    expect(networkError('GET /jobs', thrown, sent).facts).toEqual({
      kind: 'unreachable',
      endpoint: 'GET /jobs',
      reason,
      sent,
    });
  }
});
