import { expect, it } from 'vitest';
import { retryAfterMs } from '../../src/providers/http/retry-after.js';

const NOW = Date.parse('2026-11-24T10:00:00Z');

it.each([
  [{}, undefined],
  [{ 'retry-after': '3' }, 3_000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '1.5' }, 1_500],
  [{ 'retry-after': ['7', '9'] }, 7_000],
  [{ 'retry-after': 'Tue, 24 Nov 2026 10:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Tue, 24 Nov 2026 09:00:00 GMT' }, 0],
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  [{ 'retry-after-ms': '', 'retry-after': '9' }, 9_000],
  [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9_000],
  [{ 'retry-after-ms': '-1' }, undefined],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': ' ' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
])('%j → %s', (headers, ms) => {
  expect(retryAfterMs(headers, NOW)).toBe(ms);
});
