import { expect, it } from 'vitest';
import { isSettled } from './fleet.js';
import type { Row } from './judge/row.js';

it('tries a run again only if its faults did not come about and nothing was broken', () => {
  const row = (fired: boolean, violations: Row['violations']): Row => ({ fired, violations }) as Row;
  expect(isSettled(undefined)).toBe(false);
  expect(isSettled(row(false, []))).toBe(false);
  expect(isSettled(row(true, []))).toBe(true);
  expect(isSettled(row(false, ['lost']))).toBe(true);
});
