import { ApplicationFailure } from '@temporalio/common';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { reasonOf, refusalOf, troubleFailure } from '../../src/activities/failures.js';
import { FAILURE_TYPES } from '../../src/jobs/failures.js';
import { retryAfterMs } from '../../src/providers/http/retry-after.js';
import { VendorError, type VendorErrorFacts } from '../../src/providers/vendor-error.js';
import { operation, word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const NOW = Date.parse('2026-11-24T10:00:00Z');

const kinds = [
  'unreachable',
  'rate_limited',
  'server',
  'auth',
  'rejected',
  'reference_expired',
  'consumed',
  'invalid_reply',
  'ambiguous',
] as const;
const facts: fc.Arbitrary<VendorErrorFacts> = fc.record(
  {
    kind: fc.constantFrom(...kinds),
    endpoint: word,
    reason: word,
    sent: fc.boolean(),
    httpStatus: fc.integer({ min: 400, max: 599 }),
    code: word,
    field: word,
    retryAfterMs: fc.nat(),
  },
  { requiredKeys: ['kind', 'endpoint', 'reason', 'sent'] },
);
const about = fc.record({ provider: word, account: word, operation });

describe('refusalOf', () => {
  it('is final for a refused key or request and for nothing that may pass', () => {
    fc.assert(
      fc.property(facts, about, (given, context) => {
        const refusal = refusalOf(new VendorError(given), context);
        const isFinal = given.kind === 'auth' || given.kind === 'rejected';
        expect(refusal?.nonRetryable ?? false).toBe(isFinal);
        if (refusal === null) return;
        expect(FAILURE_TYPES).toContain(refusal.type);
        expect(refusal.details).toEqual(JSON.parse(JSON.stringify(refusal.details)));
        const [details] = refusal.details as [{ httpStatus: unknown }];
        expect(details).toMatchObject(context);
        expect([given.httpStatus, 400, 401]).toContain(details.httpStatus);
      }),
      RUNS,
    );
  });
});

describe('troubleFailure', () => {
  it('is retried by Temporal after the wait that the vendor asks for, and if it asks for none', () => {
    const number = fc.oneof(fc.nat(8_000), fc.constantFrom(0, 1, 3_600), fc.double({ min: 0, max: 9, noNaN: true }));
    const header = fc.oneof(
      number.map((seconds) => ({ 'retry-after': String(seconds) })),
      number.map((ms) => ({ 'retry-after-ms': String(ms) })),
      number.map((seconds) => ({ 'retry-after': new Date(NOW + seconds * 1_000).toUTCString() })),
    );
    fc.assert(
      fc.property(header, fc.nat(4_000_000), about, (headers, lateMs, context) => {
        const wish = retryAfterMs(headers, NOW + lateMs);
        const failure = troubleFailure('busy', context, wish);
        expect(failure.nonRetryable).toBe(false);
        // A delay of nothing is no delay for Temporal, but the end of the retries.
        const delay: unknown = failure.nextRetryDelay ?? undefined;
        expect(delay).toBe(wish !== undefined && wish >= 1 ? wish : undefined);
      }),
      RUNS,
    );
  });
});

describe('reasonOf', () => {
  it('repeats our own words, and of others’ errors the name alone', () => {
    const error = fc.oneof(
      facts.map((given) => [new VendorError(given), `${given.endpoint}: ${given.reason}`] as const),
      word.map((message) => [ApplicationFailure.create({ message }), message] as const),
      word.map((message) => [new TypeError(message), 'TypeError'] as const),
      word.map((text) => [text, 'unknown error'] as const),
    );
    fc.assert(
      fc.property(error, ([thrown, words]) => {
        expect(reasonOf(thrown)).toBe(words);
      }),
      RUNS,
    );
  });
});
