import { expect, it } from 'vitest';
import { nextLookMs } from '../../src/client/follow-document.js';

it.each([
  [0, 500],
  [10_000, 500],
  [60_000, 3_000],
  [3_600_000, 10_000],
])('after %d ms the next look comes in %d ms', (elapsed, gap) => {
  expect(nextLookMs(elapsed)).toBe(gap);
});
