import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorWords, replyError, storageError } from '../../../src/providers/reducto/errors.js';
import { BY_CODE, CODES, GONE_CODES, NAMES, type NameClass, SECRET, SHAPES } from './error-shapes.js';

const reply = (status: number, body: unknown, headers = {}) => ({
  status,
  headers,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});
const facts = (status: number, body: unknown, reusing = false) =>
  replyError('POST /parse_async', reply(status, body), reusing, ['sk-1']).facts;
const named = (name: string) => ({ error: { code: 400, name, message: 'words', job_id: null }, detail: 'more' });

describe('reads every body shape', () => {
  it.each([
    [
      'error with a name',
      { error: { code: 400, name: 'INVALID_CONFIG', message: 'bad', job_id: null }, detail: 'd' },
      'INVALID_CONFIG',
      'bad',
    ],
    [
      'error with a type',
      { error: { message: 'no file', type: 'file_download_failure', code: 400 } },
      'file_download_failure',
      'no file',
    ],
    ['error without words', { error: { name: 'TIMEOUT' }, detail: 'took too long' }, 'TIMEOUT', 'took too long'],
    [
      'validation',
      { detail: [{ loc: ['body', 'input', 0], msg: 'Field required', type: 'missing' }] },
      undefined,
      'body.input.0: Field required',
    ],
    [
      'two validations',
      {
        detail: [
          { loc: ['a'], msg: 'x' },
          { loc: ['b'], msg: 'y' },
        ],
      },
      undefined,
      'a: x; b: y',
    ],
    [
      'odd validations',
      { detail: [7, { loc: 'body', msg: 3 }, { loc: [{}], msg: 'z' }] },
      undefined,
      'invalid request; invalid; z',
    ],
    ['no validation at all', { detail: [] }, undefined, 'no further words'],
    ['plain detail', { detail: 'Invalid access token' }, undefined, 'Invalid access token'],
    ['edge message', { message: '[CODE 1000] rate limit exceeded' }, undefined, '[CODE 1000] rate limit exceeded'],
    ['error as a string', { error: 'boom' }, undefined, 'boom'],
    [
      'an edge page',
      '<html><head><title>403 Forbidden</title></head></html>',
      undefined,
      'an HTML page: 403 Forbidden',
    ],
    ['a page without title', '\n<html></html>', undefined, 'an HTML page'],
    [
      'storage XML',
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code><AWSAccessKeyId>AKIA1</AWSAccessKeyId></Error>',
      undefined,
      'storage says AccessDenied',
    ],
    ['text', 'upstream timeout', undefined, 'upstream timeout'],
    ['nothing', '', undefined, 'no further words'],
    ['a list', [1], undefined, 'an answer that is no error body'],
    ['null', null, undefined, 'an answer that is no error body'],
  ])('%s', (_what, body, name, message) => {
    expect(errorWords(reply(400, body).text)).toEqual({ name, message });
  });

  it('never fails on any JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.json().map((inner) => `{"error":${inner},"detail":${inner}}`),
          fc.json().map((inner) => `{"detail":[{"loc":[${inner}],"msg":${inner}}]}`),
        ),
        (text) => {
          expect(typeof errorWords(text).message).toBe('string');
        },
      ),
      { seed: 20261124, numRuns: 300 },
    );
  });
});

describe('knows what kind of refusal it is', () => {
  it.each([
    [302, '', false, 'server'],
    [400, named('INVALID_CONFIG'), false, 'rejected'],
    [400, named('AUTH_ERROR'), false, 'auth'],
    [400, named('NOT_FOUND'), true, 'reference_expired'],
    [400, named('NOT_FOUND'), false, 'rejected'],
    [400, named('JOB_NOT_COMPLETE'), true, 'reference_expired'],
    [400, named('QUEUE_FULL'), false, 'server'],
    [400, named('GPU_POOL_SATURATED'), true, 'server'],
    [400, named('RATE_LIMIT'), false, 'rate_limited'],
    [401, { detail: 'Invalid access token' }, true, 'auth'],
    [403, '<html>403 Forbidden</html>', false, 'auth'],
    [403, { error: { message: 'no access to the URL', type: 'file_download_failure' } }, false, 'rejected'],
    [404, named('NOT_FOUND'), true, 'reference_expired'],
    [404, named('NOT_FOUND'), false, 'rejected'],
    [408, '', false, 'server'],
    [409, named('JOB_DELETION_IN_PROGRESS'), true, 'reference_expired'],
    [410, '', true, 'reference_expired'],
    [404, '<html>no such route</html>', true, 'rejected'],
    [413, '', false, 'rejected'],
    [415, named('DOCUMENT_CORRUPT'), true, 'rejected'],
    [422, { detail: [] }, true, 'rejected'],
    [429, { message: '[CODE 2000]' }, true, 'rate_limited'],
    [442, named('DOCUMENT_PASSWORD_PROTECTED'), true, 'rejected'],
    [500, named('INTERNAL_ERROR'), false, 'server'],
    [502, '<html>Bad Gateway</html>', false, 'server'],
    [503, named('SERVICE_UNAVAILABLE'), true, 'server'],
    [504, '', false, 'server'],
  ])('%i %j, reusing %s → %s', (status, body, reusing, kind) => {
    expect(facts(status, body, reusing)).toMatchObject({ kind, httpStatus: status, sent: true });
  });
});

it('keeps code, words and the wished wait, and no secret', () => {
  const body = { error: { name: 'CODE sk-1', message: 'key sk-1 at https://h/p?sig=abc' } };
  expect(replyError('POST /upload', reply(429, body, { 'retry-after': '2' }), false, ['sk-1']).facts).toEqual({
    kind: 'rate_limited',
    endpoint: 'POST /upload',
    httpStatus: 429,
    code: 'CODE …',
    reason: '429 key … at https://h/p?…',
    sent: true,
    retryAfterMs: 2_000,
  });
});

it.each([
  [403, 'server'],
  [404, 'server'],
  [429, 'rate_limited'],
  [503, 'server'],
])('a signed URL that answers %i says nothing of the key', (status, kind) => {
  expect(storageError('GET result URL', reply(status, '<Error/>')).facts).toMatchObject({ kind, httpStatus: status });
});

describe.each(CODES)('HTTP %i', (status) => {
  it.each(Object.keys(SHAPES) as (keyof typeof SHAPES)[])(
    'in form %s keeps the vendor’s words and no secret',
    (shape) => {
      for (const [nameClass, names] of Object.entries(NAMES) as [NameClass, readonly string[]][]) {
        for (const name of names) {
          const { text, name: shown, words } = SHAPES[shape](name) as { text: string; name?: string; words: string };
          const error = replyError('POST /parse_async', { status, headers: {}, text }, false, [SECRET]);
          const { bare, named: byName } = BY_CODE[status]!;
          expect(error.facts, `${status} ${shape} ${name}`).toEqual({
            kind: shown === undefined ? bare : byName[nameClass],
            endpoint: 'POST /parse_async',
            httpStatus: status,
            ...(shown === undefined ? {} : { code: name }),
            reason: `${status} ${words}`,
            sent: true,
          });
          expect(error.message).toBe(`POST /parse_async: ${status} ${words}`);
          expect(JSON.stringify([error.facts, error.stack])).not.toMatch(/sk-1|Signature=/);
        }
      }
    },
  );

  it.each(Object.keys(SHAPES) as (keyof typeof SHAPES)[])('in form %s, of a request that reuses something', (shape) => {
    for (const [nameClass, names] of Object.entries(NAMES) as [NameClass, readonly string[]][]) {
      const { text, name: shown } = SHAPES[shape](names[0]!) as { text: string; name?: string };
      const { kind } = replyError('POST /parse_async', { status, headers: {}, text }, true, []).facts;
      const { bare, named: byName } = BY_CODE[status]!;
      const usual = shown === undefined ? bare : byName[nameClass];
      const saysGone =
        (GONE_CODES.includes(status) && shape !== 'D') || (shown !== undefined && nameClass === 'reference');
      expect(kind, `${status} ${shape} ${names[0]}`).toBe(
        saysGone && usual === 'rejected' ? 'reference_expired' : usual,
      );
    }
  });
});
