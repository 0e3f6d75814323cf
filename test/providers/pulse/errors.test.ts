import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorWords, replyError } from '../../../src/providers/pulse/errors.js';
import { KEY } from './helpers.js';

const reply = (status: number, body: unknown, headers = {}) => ({
  status,
  headers,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});
const facts = (status: number, body: unknown, reusing = false) =>
  replyError('POST /split', reply(status, body), reusing, [KEY]).facts;
const coded = (code: string, message = 'words') => ({ error: { code, message, details: { received: 'x' } } });
const html = '<html><head><title>502 Bad Gateway</title></head></html>';

describe('reads every body shape', () => {
  it.each([
    ['the envelope', coded('FILE_001', 'Invalid file type'), 'FILE_001', 'Invalid file type'],
    ['the envelope without a code', { error: { message: 'gone' } }, undefined, 'gone'],
    ['the envelope without words', { error: { code: 'REQ_001' } }, 'REQ_001', 'no further words'],
    ['an empty envelope', { error: {} }, undefined, 'no further words'],
    ['a text for an error', { error: 'Job not found' }, undefined, 'Job not found'],
    ['a message', { message: 'Forbidden' }, undefined, 'Forbidden'],
    ['a code beside it', { code: 'JOB_002', message: 'm' }, 'JOB_002', 'm'],
    ['odd values', { error: { code: 7, message: ['m'] }, message: null }, undefined, 'no further words'],
    ['plain text', 'upstream connect error', undefined, 'upstream connect error'],
    ['nothing', '', undefined, 'no further words'],
    ['a page', html, undefined, 'an HTML page: 502 Bad Gateway'],
    ['a storage’s XML', '<Error><Code>NoSuchKey</Code></Error>', undefined, 'storage says NoSuchKey'],
    ['half a body', '{"error":{"code":"REQ_', undefined, '{"error":{"code":"REQ_'],
    ['a list', [], undefined, 'an answer that is no error body'],
  ])('%s', (_what, body, code, message) => {
    expect(errorWords(reply(400, body).text)).toEqual({ code, message });
  });

  it('never fails on any JSON', () => {
    const text = fc.oneof(
      fc.json(),
      fc.json().map((inner) => `{"error":${inner},"message":${inner}}`),
      fc.json().map((inner) => `{"error":{"code":${inner},"message":${inner}}}`),
    );
    fc.assert(
      fc.property(text, (body) => {
        expect(typeof errorWords(body).message).toBe('string');
      }),
      { seed: 20261124, numRuns: 300 },
    );
  });
});

describe('knows what kind of refusal it is', () => {
  it.each([
    [302, '', false, 'server'],
    [400, coded('REQ_001'), false, 'rejected'],
    [400, coded('REQ_006'), true, 'rejected'],
    [400, coded('FILE_001'), false, 'rejected'],
    [400, html, false, 'rejected'],
    [401, coded('AUTH_001'), false, 'auth'],
    [401, coded('AUTH_002'), true, 'auth'],
    [401, '', false, 'auth'],
    [402, coded('BILLING_001'), false, 'rejected'],
    [403, coded('AUTH_004'), false, 'auth'],
    [403, coded('AUTH_006'), true, 'auth'],
    [403, { error: 'Forbidden' }, false, 'rejected'],
    [403, coded('JOB_003'), false, 'rejected'],
    [403, 'not enabled', true, 'rejected'],
    [403, '<html>403 Forbidden</html>', false, 'auth'],
    [404, coded('JOB_001'), false, 'rejected'],
    [404, coded('STORAGE_001'), true, 'reference_expired'],
    [404, { error: 'Extraction not found' }, true, 'reference_expired'],
    [404, { message: 'split_config_id: config not found' }, true, 'rejected'],
    [404, '', true, 'reference_expired'],
    [404, html, true, 'rejected'],
    [408, '', false, 'server'],
    [409, { error: 'conflict' }, true, 'rejected'],
    [410, { error: { message: 'gone' } }, true, 'reference_expired'],
    [410, '', false, 'rejected'],
    [413, coded('FILE_002'), false, 'rejected'],
    [413, html, false, 'rejected'],
    [422, { detail: [] }, true, 'rejected'],
    [429, '', true, 'rate_limited'],
    [429, coded('GENERAL_429'), false, 'rate_limited'],
    [500, coded('GENERAL_500'), true, 'server'],
    [500, '{"error":', false, 'server'],
    [502, html, false, 'server'],
    [503, { message: 'unavailable' }, true, 'server'],
    [504, '', false, 'server'],
  ])('%i %j, reusing %s → %s', (status, body, reusing, kind) => {
    expect(facts(status, body, reusing)).toMatchObject({ kind, httpStatus: status, sent: true });
  });
});

describe('keeps what was said, whatever the status and the shape', () => {
  const secret = `https://h/large?sig=abc ${KEY}`;
  const shapes: [string, unknown, code: string | undefined, words: RegExp][] = [
    ['envelope', coded('X_001', `no ${secret}`), 'X_001', /no https:\/\/h\/large\?… …/],
    ['text for an error', { error: `no ${secret}` }, undefined, /no https/],
    ['message', { message: `no ${secret}` }, undefined, /no https/],
    ['text', `no ${secret}`, undefined, /no https/],
    ['nothing', '', undefined, /no further words/],
    ['page', `<html><title>no ${secret}</title></html>`, undefined, /an HTML page: no https/],
    ['half a body', `{"error":{"code":"X_001","message":"no ${secret}`, undefined, /no https/],
  ];
  const kinds: Record<number, string> = {
    400: 'rejected',
    401: 'auth',
    404: 'rejected',
    408: 'server',
    409: 'rejected',
    410: 'rejected',
    413: 'rejected',
    422: 'rejected',
    429: 'rate_limited',
    500: 'server',
    502: 'server',
    503: 'server',
    504: 'server',
  };
  it.each(shapes)('%s', (_what, body, code, words) => {
    for (const [status, kind] of Object.entries(kinds)) {
      const said = facts(Number(status), body);
      expect(said).toMatchObject({ kind, httpStatus: Number(status) });
      expect(said.code).toBe(code);
      expect(said.reason).toMatch(words);
      expect(said.reason.startsWith(`${status} `)).toBe(true);
      expect(JSON.stringify(said)).not.toMatch(/very-secret|abc/);
      expect(said).not.toHaveProperty('retryAfterMs');
    }
  });
});

it('says what a refusal may mean that is not about the key', () => {
  expect(facts(403, { error: 'Forbidden' }).reason).toMatch(/^403 Forbidden \(the organisation may lack the feature/);
  expect(facts(403, coded('AUTH_004')).reason).toBe('403 words');
});

it('keeps code, words and the wished wait, and no secret', () => {
  const body = coded(`CODE ${KEY}`, `key ${KEY} at https://h/large?sig=abc`);
  expect(replyError('POST /extract', reply(429, body, { 'retry-after': '2' }), false, [KEY]).facts).toEqual({
    kind: 'rate_limited',
    endpoint: 'POST /extract',
    httpStatus: 429,
    code: 'CODE …',
    reason: '429 key … at https://h/large?…',
    sent: true,
    retryAfterMs: 2_000,
  });
});
