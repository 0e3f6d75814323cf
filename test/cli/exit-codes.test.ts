import { expect, it } from 'vitest';
import { exitOf, worstExit } from '../../src/cli/exit-codes.js';
import { processResult } from './fixtures.js';

it.each([
  [[], 0],
  [[0, 0], 0],
  [[0, 3], 3],
  [[3, 1, 0], 1],
  [[1, 2], 2],
  [[4, 2, 1], 4],
] as const)('the worst of %j is %d', (codes, worst) => {
  expect(worstExit(codes)).toBe(worst);
});

const failed = (type: string) =>
  ({ kind: 'failed', failure: { type, message: '', details: {} }, receipt: null }) as const;

it('each end has its exit code', () => {
  expect(exitOf({ kind: 'result', result: processResult() })).toBe(0);
  expect(exitOf({ kind: 'result', result: processResult({ status: 'partial' }) })).toBe(1);
  expect(exitOf(failed('DocumentJobFailed'))).toBe(1);
  expect(exitOf(failed('DocumentJobDeadlineExceeded'))).toBe(1);
  expect(exitOf(failed('DocumentAccountRefused'))).toBe(4);
  expect(exitOf({ kind: 'cancelled', receipt: null })).toBe(3);
});
