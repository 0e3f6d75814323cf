import fc from 'fast-check';
import { describe, it } from 'vitest';
import { FAILURE_TYPES, findDocumentFailure } from '../../src/jobs/failures.js';
import { isDocumentFailure } from '../../src/jobs/is-document-failure.js';
import { json, jsonObject, word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const ours = fc.record({
  type: fc.constantFrom(...FAILURE_TYPES),
  message: fc.string({ maxLength: 10 }),
  details: jsonObject.map((more) => ({ provider: 'p', account: 'a', operation: 'parse' as const, ...more })),
});
/** An error of somebody else's that may stand around ours. */
const wrapper = fc.record({ message: word, type: fc.option(word, { nil: undefined }) });

interface Raised {
  type: string | undefined;
  message: string;
  details?: unknown;
  cause?: Raised | undefined;
}

/** One error the cause of the one around it. Not of any class: copies of the Temporal packages have classes of their own. */
function raise([first, ...rest]: Raised[]): Raised | undefined {
  return first && { ...first, cause: raise(rest) };
}

const around = (least: number, most: number) => fc.array(wrapper, { minLength: least, maxLength: most });
const wrapped = fc
  .record({ outer: around(0, 15), failure: ours, inner: around(0, 3), isList: fc.boolean() })
  .map(({ outer, failure, inner, isList }) => {
    const details = isList ? [failure.details] : failure.details;
    return { failure, error: raise([...outer, { ...failure, details }, ...inner]) };
  });

describe('findDocumentFailure', () => {
  it('finds ours under any errors of others, with its own details', () => {
    fc.assert(
      fc.property(wrapped, ({ error, failure }) => {
        expect(findDocumentFailure(error)).toEqual(failure);
      }),
      RUNS,
    );
  });

  it('finds the outermost of several', () => {
    fc.assert(
      fc.property(around(0, 5), ours, around(0, 5), ours, (outer, first, between, second) => {
        expect(findDocumentFailure(raise([...outer, first, ...between, second]))).toEqual(first);
      }),
      RUNS,
    );
  });

  it('finds nothing in anything else, not even in a circle', () => {
    fc.assert(
      fc.property(fc.oneof(json, wrapper), around(1, 4), (value, chain) => {
        expect(findDocumentFailure(value)).toBeUndefined();
        const error = raise(chain);
        let last = error;
        while (last?.cause) last = last.cause;
        if (last) last.cause = error;
        expect(findDocumentFailure(error)).toBeUndefined();
      }),
      RUNS,
    );
  });
});

describe('isDocumentFailure', () => {
  it('narrows to the one type that was asked for, and leaves other errors alone', () => {
    fc.assert(
      fc.property(wrapped, fc.constantFrom(...FAILURE_TYPES), ({ error, failure }, wanted) => {
        const before = { ...error };
        expect(isDocumentFailure(error, wanted)).toBe(failure.type === wanted);
        if (failure.type !== wanted) expect({ ...error }).toEqual(before);
      }),
      RUNS,
    );
  });

  it('shows the details both as the list that Temporal encodes and by their names, as often as it is asked', () => {
    fc.assert(
      fc.property(wrapped, ({ error, failure: { details } }) => {
        for (let time = 0; time < 2; time++) expect(isDocumentFailure(error)).toBe(true);
        const { 0: encoded, ...named } = (error as { details: object[] }).details;
        expect([encoded, named]).toEqual([details, details]);
      }),
      RUNS,
    );
  });
});
