import { expect, it } from 'vitest';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import { reducto } from '../../../src/providers/reducto/index.js';

const url = 'https://h/a.pdf';
const kept = { settings: { persist_results: true } };

it.each([
  [{ operation: 'parse', input: url, options: kept }, Infinity],
  [{ operation: 'extract', input: url, options: { parsing: kept } }, Infinity],
  [{ operation: 'split', input: url, options: { parsing: kept } }, Infinity],
  [{ operation: 'parse', input: 'jobid://p', options: kept }, Infinity],
  [{ operation: 'extract', input: 'jobid://p', options: { parsing: kept } }, 5_000],
  [{ operation: 'extract', input: url, options: kept }, 5_000],
  [{ operation: 'parse', input: url, options: { settings: { persist_results: false } } }, 5_000],
  [{ operation: 'parse', input: url, options: { settings: null } }, 5_000],
  [{ operation: 'parse', input: url }, 5_000],
  [{ operation: 'edit', input: url, options: kept }, 5_000],
] as [OperationRequest, number][])('%j', async (request, ms) => {
  const optedIn = reducto({ apiKey: 'k', retentionMs: 5_000, persistsResults: true });
  const other = reducto({ apiKey: 'k', retentionMs: 5_000 });
  expect(optedIn.retentionMs(request)).toBe(ms);
  expect(other.retentionMs(request), 'an account that is not opted in').toBe(5_000);
  await Promise.all([optedIn.close(), other.close()]);
});
