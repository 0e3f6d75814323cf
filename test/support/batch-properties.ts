import fc, { type Arbitrary } from 'fast-check';

/** Of structures, where each case is a whole list. */
const LISTS = 500;

export function assertAll<T>(arbitrary: Arbitrary<T>, check: (value: T) => void): void {
  fc.assert(
    fc.property(arbitrary, (value) => check(value)),
    { numRuns: LISTS },
  );
}
