import fc from 'fast-check';
import { describe, it } from 'vitest';
import { errorWords as pulseWords, replyError as pulseError } from '../../src/providers/pulse/errors.js';
import {
  errorWords as reductoWords,
  replyError as reductoError,
  storageError,
} from '../../src/providers/reducto/errors.js';
import { json } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const code = fc.constantFrom(
  'NOT_FOUND',
  'AUTH_ERROR',
  'AUTH_001',
  'RATE_LIMIT',
  'QUEUE_FULL',
  'JOB_DELETED',
  'INVALID',
  '',
);
const text = fc.oneof(
  code.map((name) => JSON.stringify({ error: { name, code: name, message: 'words' } })),
  code.map((message) => JSON.stringify({ message })),
  json.map((value) => JSON.stringify({ error: value, detail: value, message: value })),
  json.map((value) => JSON.stringify(value)),
  fc.constantFrom('', '<html><title>502</title></html>', '<Error><Code>AccessDenied</Code></Error>', '{"error":'),
  fc.string({ maxLength: 8 }),
);
const status = fc.oneof(fc.integer({ min: 300, max: 599 }), fc.constantFrom(401, 403, 404, 408, 410, 429));
const header = fc.constantFrom({}, { 'retry-after': '3' });
const vendor = fc.constantFrom(pulseError, reductoError);

describe('replyError', () => {
  it('never takes for final what may pass, nor for a lost submit what was certainly refused', () => {
    fc.assert(
      fc.property(vendor, status, text, fc.boolean(), (errorOf, httpStatus, body, reusing) => {
        const { kind, facts } = errorOf('POST /x', { status: httpStatus, headers: {}, text: body }, reusing, []);
        if (httpStatus === 429) expect(kind).toBe('rate_limited');
        else if (httpStatus < 400 || httpStatus === 408 || httpStatus >= 500) expect(kind).toBe('server');
        else if (httpStatus === 401) expect(['auth', 'rate_limited', 'server']).toContain(kind);
        else expect(['rejected', 'auth', 'reference_expired', 'rate_limited', 'server']).toContain(kind);
        expect([facts.sent, facts.httpStatus]).toEqual([true, httpStatus]);
      }),
      RUNS,
    );
  });

  it('takes a reference for gone only if one was used, and only by the API’s own word', () => {
    fc.assert(
      fc.property(vendor, status, text, fc.boolean(), (errorOf, httpStatus, body, reusing) => {
        const { kind } = errorOf('POST /x', { status: httpStatus, headers: {}, text: body }, reusing, []);
        const isPage = body.trimStart().startsWith('<');
        if (!reusing || isPage || httpStatus >= 500) expect(kind).not.toBe('reference_expired');
      }),
      RUNS,
    );
  });

  it('keeps the vendor’s wish to wait whatever else it says', () => {
    fc.assert(
      fc.property(vendor, status, text, header, (errorOf, httpStatus, body, headers) => {
        const { facts } = errorOf('POST /x', { status: httpStatus, headers, text: body }, false, []);
        expect(facts.retryAfterMs).toBe('retry-after' in headers ? 3_000 : undefined);
        expect(facts.reason.startsWith(`${httpStatus} `) && facts.reason.length <= 500).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('errorWords', () => {
  it('has words for any body, and a code that is a text or none', () => {
    fc.assert(
      fc.property(text, (body) => {
        const [own, other] = [reductoWords(body), pulseWords(body)];
        expect([own.message.trim() === '', other.message.trim() === '']).toEqual([false, false]);
        for (const name of [own.name, other.code]) expect(['string', 'undefined']).toContain(typeof name);
      }),
      RUNS,
    );
  });
});

describe('storageError', () => {
  it('says nothing of the key nor of the request: a fresh URL may do', () => {
    fc.assert(
      fc.property(status, text, (httpStatus, body) => {
        const { kind } = storageError('GET url', { status: httpStatus, headers: {}, text: body });
        expect(['server', 'rate_limited']).toContain(kind);
      }),
      RUNS,
    );
  });
});
