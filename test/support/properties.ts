import { type Assertion, chai } from 'vitest';

/** Cases that each property of a decision is tried on. */
export const CASES = 10_000;

/** The same cases in every run, so that no run fails by chance; another seed, such as one that a failure printed, comes by `SEED=…`. */
const SEED = Number(process.env.SEED ?? 20_261_124);

/** Of properties whose single case takes a millisecond: real files, or texts of tens of kilobytes. */
export const SLOW_CASES = 1_000;

/** How a property is run: `fc.assert(property, RUNS)`. */
export const RUNS = { numRuns: CASES, seed: SEED };

/** Vitest's `expect` less its bookkeeping, which takes a third of the time when it is called millions of times. */
export const expect: <T>(actual: T) => Assertion<T> = chai.expect as never;
