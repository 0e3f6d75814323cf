import fc from 'fast-check';
import { describe, it } from 'vitest';
import { nextLookMs } from '../../src/client/follow-document.js';
import { expect, RUNS } from '../support/properties.js';

describe('nextLookMs', () => {
  it('looks twice a second at most, every ten seconds at least, and never more often than before', () => {
    const ms = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(ms, ms, (elapsedMs, more) => {
        const gap = nextLookMs(elapsedMs);
        expect(gap >= 500 && gap <= 10_000).toBe(true);
        expect(nextLookMs(elapsedMs + more)).toBeGreaterThanOrEqual(gap);
      }),
      RUNS,
    );
  });
});
