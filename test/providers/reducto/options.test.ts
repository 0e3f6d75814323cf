import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/providers/http/http-client.js';
import { resolveOptions } from '../../../src/providers/reducto/options.js';

const KEY = 'sk-very-secret';
const resolve = (options: object) => resolveOptions({ apiKey: KEY, ...options });

it('fills in defaults', () => {
  expect(resolve({})).toEqual({
    apiKey: KEY,
    baseUrl: 'https://platform.reducto.ai',
    model: 'r-1',
    submitTimeoutMs: 30_000,
    listSettleMs: 5_000,
    listShows: 'learn',
    retentionMs: 43_200_000,
    secrets: undefined,
    persistsResults: false,
    quota: { requestsPerSecond: 1_000, readsPerSecond: 200, submitsPerSecond: null, listsPerSecond: null },
    resultHosts: [],
    allowPrivateSources: false,
    limits: DEFAULT_LIMITS,
  });
});

it.each([
  [{ region: 'eu' }, 'https://eu.platform.reducto.ai'],
  [{ region: 'au' }, 'https://au.platform.reducto.ai'],
  [{ region: 'eu', baseUrl: 'http://127.0.0.1:1/reducto//' }, 'http://127.0.0.1:1/reducto'],
])('%j → %s', (options, baseUrl) => {
  expect(resolve(options).baseUrl).toBe(baseUrl);
});

it('merges limits', () => {
  expect(resolve({ limits: { bodyMs: 5 } }).limits).toEqual({ ...DEFAULT_LIMITS, bodyMs: 5 });
});

it.each([
  [{ apiKey: '' }, /apiKey: expected a key.*0 characters/],
  [{ apiKey: '  ' }, /apiKey/],
  [{ apiKey: undefined }, /apiKey.*got undefined/],
  [{ apiKey: [KEY] }, /apiKey.*type object/],
  [{ apiKey: 12345678 }, /apiKey.*type number/],
  [{ apiKey: { toString: () => KEY } }, /apiKey/],
  [{ region: 'mars' }, /us, eu, au/],
  [{ region: 'toString' }, /us, eu, au/],
  [{ baseUrl: KEY }, /baseUrl/],
  [{ baseUrl: `ftp://${KEY}` }, /baseUrl/],
  [{ baseUrl: 'http://' }, /baseUrl/],
  [{ submitTimeoutMs: 30_001 }, /submitTimeoutMs: expected 1 to 30000 ms, got 30001/],
  [{ submitTimeoutMs: 0 }, /submitTimeoutMs/],
  [{ submitTimeoutMs: KEY }, /submitTimeoutMs/],
  [{ listSettleMs: -1 }, /listSettleMs: expected 0 to 30000 ms, got -1/],
  [{ retentionMs: NaN }, /retentionMs.*NaN/],
  [{ secrets: { acme: KEY } }, /secrets: expected a function.*type object/],
  [{ persistsResults: 'yes' }, /persistsResults: expected true or false/],
  [{ limits: { maxBodyBytes: undefined } }, /limits\.maxBodyBytes.*got undefined/],
  [{ limits: { headersMs: 0 } }, /limits\.headersMs.*got 0/],
  [{ limits: { headerMs: 5 } }, /limits\.headerMs: there is connectMs, headersMs/],
])('refuses %j by name and without the key', (options, words) => {
  expect.assertions(3);
  try {
    resolve(options);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(words);
    expect((error as Error).message).not.toMatch(/very-secret|12345678/);
  }
});
