import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/providers/http/http-client.js';
import { pulse } from '../../../src/providers/pulse/index.js';
import { resolveOptions } from '../../../src/providers/pulse/options.js';
import { EXTRACTION, KEY } from './helpers.js';

const resolve = (options: object) => resolveOptions({ apiKey: KEY, ...options });

it('fills in defaults', () => {
  expect(resolve({})).toEqual({
    apiKey: KEY,
    baseUrl: 'https://api.runpulse.com',
    submitTimeoutMs: 60_000,
    retentionMs: 3_600_000,
    quota: { requestsPerSecond: null, readsPerSecond: null, submitsPerSecond: null, listsPerSecond: null },
    resultHosts: [],
    allowPrivateSources: false,
    webhook: undefined,
    limits: DEFAULT_LIMITS,
  });
});

it('takes what is given', () => {
  const given = { baseUrl: 'http://127.0.0.1:1/pulse/', retentionMs: 0, submitTimeoutMs: 1, limits: { bodyMs: 5 } };
  expect(resolve(given)).toMatchObject({
    baseUrl: 'http://127.0.0.1:1/pulse',
    retentionMs: 0,
    submitTimeoutMs: 1,
    limits: { ...DEFAULT_LIMITS, bodyMs: 5 },
  });
});

it.each([
  [{ apiKey: ' ' }, /^pulse: apiKey: expected a key/],
  [{ apiKey: '' }, /apiKey: expected a key or a function that gives one, got a string of 0 characters/],
  [{ apiKey: undefined }, /apiKey.*got undefined/],
  [{ apiKey: null }, /apiKey.*got null/],
  [{ apiKey: { toString: (): string => KEY } }, /apiKey.*type object/],
  [{ apiKey: [KEY] }, /apiKey.*type object/],
  [{ baseUrl: KEY }, /pulse: expected an http\(s\) baseUrl, got a string of 14 characters/],
  [{ baseUrl: `ftp://${KEY}` }, /baseUrl.*20 characters/],
  [{ baseUrl: 'http://' }, /baseUrl/],
  [{ baseUrl: 7 }, /baseUrl.*type number/],
  [{ submitTimeoutMs: 60_001 }, /submitTimeoutMs: expected 1 to 60000 ms, got 60001/],
  [{ submitTimeoutMs: 0 }, /submitTimeoutMs.*got 0/],
  [{ submitTimeoutMs: KEY }, /submitTimeoutMs.*string of 14 characters/],
  [{ retentionMs: -1 }, /retentionMs: expected 0 to Infinity ms, got -1/],
  [{ retentionMs: Infinity }, /retentionMs.*got Infinity/],
  [{ limits: { maxBodyBytes: 1.5 } }, /limits\.maxBodyBytes: expected a whole number from 1, got 1\.5/],
  [{ limits: { headersMs: undefined } }, /limits\.headersMs.*got undefined/],
  [{ limits: { headerMs: 5 } }, /limits\.headerMs: there is connectMs/],
])('refuses %j by name and without the key', (options, words) => {
  const refused = (): unknown => resolve(options);
  expect(refused).toThrow(TypeError);
  expect(refused).toThrow(words);
  expect(refused).not.toThrow(/very-secret/);
});

it('declares what the vendor has and has not', async () => {
  const provider = pulse({ apiKey: KEY });
  expect(provider).toMatchObject({
    name: 'pulse',
    operations: ['parse', 'extract', 'split', 'tables', 'pipeline'],
    fileOperations: ['parse'],
    parsedReference: 'extraction_id',
    quota: { requestsPerSecond: null, readsPerSecond: null },
    listSettleMs: 0,
    submitTimeoutMs: 60_000,
  });
  for (const absent of ['upload', 'findJob', 'listJobs', 'deleteJob', 'deleteUpload']) {
    expect(provider).not.toHaveProperty(absent);
  }
  expect(provider.retentionMs({ operation: 'parse', input: 'a' })).toBe(3_600_000);
  const sources = ['/docs/a.pdf', 'a.pdf', 'file:///a', 'https://h/a', 'jobid://1', `/docs/${EXTRACTION}`, EXTRACTION];
  expect(sources.filter((one) => provider.isReference(one))).toEqual([EXTRACTION]);
  expect(provider.expectedMs('parse', null)).toBeNull();
  expect(provider.expectedMs('parse', 10)).toBeGreaterThan(provider.expectedMs('parse', 1)!);
  expect(provider.expectedMs('pipeline', 10)).toBeNull();
  await provider.close();
});
