import fc from 'fast-check';
import { describe, it } from 'vitest';
import { listPath } from '../../../src/providers/reducto/list-jobs.js';
import { operationOf, REDUCTO_OPERATIONS } from '../../../src/providers/reducto/operations.js';
import { expect, RUNS } from '../../support/properties.js';

describe('the job list', () => {
  it('is asked for what the vendor takes, and for nothing else', () => {
    const limit = fc.oneof(fc.integer({ min: -1, max: 502 }), fc.constantFrom(1.5, NaN, undefined));
    const cursor = fc.oneof(fc.string({ maxLength: 6 }), fc.constant(undefined));
    fc.assert(
      fc.property(limit, cursor, (most, from) => {
        const query = {
          ...(most === undefined ? {} : { limit: most }),
          ...(from === undefined ? {} : { cursor: from }),
        };
        const isGood =
          (most ?? 1) >= 1 && (most ?? 1) <= 500 && Number.isInteger(most ?? 1) && (from ?? 'c').trim() !== '';
        if (!isGood) return void expect(() => listPath(query)).toThrow(TypeError);
        const asked = new URL(listPath(query), 'https://h').searchParams;
        expect([asked.get('limit'), asked.get('cursor')]).toEqual([
          most === undefined ? null : String(most),
          from ?? null,
        ]);
      }),
      RUNS,
    );
  });

  it('tells our operations by the vendor’s words in any case, and no others', () => {
    const type = fc.oneof(fc.constantFrom('Parse', 'EXTRACT', 'split', 'Chart', 'constructor', '', null), fc.string());
    fc.assert(
      fc.property(type, (given) => {
        const found = operationOf(given);
        expect(found ?? given?.toLowerCase() ?? null).toBe(given?.toLowerCase() ?? null);
        expect(found === null || Object.hasOwn(REDUCTO_OPERATIONS, found)).toBe(true);
      }),
      RUNS,
    );
  });
});
