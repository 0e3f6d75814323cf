import fc from 'fast-check';
import { describe, it } from 'vitest';
import { isJsonObject } from '../../src/jobs/json.js';
import { MAX_WINDOW_MS } from '../../src/jobs/wait-plan.js';
import { invalidInput, type JobOptions, resolveJobOptions } from '../../src/workflows/job-options.js';
import { toJsonSchema } from '../../src/workflows/schema.js';
import { json, jsonObject } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const fail = invalidInput('p', 'a');
const duration = fc.oneof(fc.nat(1e9), fc.constantFrom('5s', '10 minutes', '2h', 0));
const good = fc.record(
  {
    jobDeadline: duration,
    polling: fc.record({ expected: duration, window: duration, cancelSettle: duration }, { requiredKeys: [] }),
    results: fc.constantFrom('inline' as const, 'stored' as const, 'auto' as const),
    inlineLimit: fc.nat(),
    maxResubmits: fc.nat(9),
    retry: fc.constantFrom({ maximumAttempts: 3 }, { backoffCoefficient: 1 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JobOptions>;

/** @returns the field that is refused, or null. Anything but our own failure would keep a workflow retrying its task for ever. */
function refused(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    const { type, nonRetryable, details } = error as {
      type?: string;
      nonRetryable?: boolean;
      details?: { field: string }[];
    };
    expect([type, nonRetryable]).toEqual(['DocumentInputInvalid', true]);
    return details?.[0]?.field ?? '';
  }
}

describe('resolveJobOptions', () => {
  it('fills in what is not given, with figures that a workflow can wait and count by', () => {
    fc.assert(
      fc.property(good, (options) => {
        const resolved = resolveJobOptions(options, fail);
        const figures = [resolved.windowMs, resolved.cancelSettleMs, resolved.inlineLimit, resolved.maxResubmits];
        expect(figures.every((figure) => Number.isFinite(figure) && figure >= 0)).toBe(true);
        expect(resolved.windowMs).toBeLessThanOrEqual(MAX_WINDOW_MS);
        expect(resolved).toMatchObject({
          onUnknownSubmit: 'fail',
          repair: 'once',
          results: options.results ?? 'inline',
        });
        expect(resolved.jobDeadlineMs === null).toBe(options.jobDeadline === undefined);
      }),
      RUNS,
    );
  });

  it('refuses with our own failure whatever is no duration, no count and no retry policy', () => {
    const field = fc.constantFrom('jobDeadline', 'polling.expected', 'polling.window', 'polling.cancelSettle');
    const count = fc.constantFrom('maxResubmits', 'inlineLimit');
    const wrong = fc.oneof(
      fc.tuple(field, fc.oneof(json, fc.constantFrom('soon', -1, NaN, Infinity, '5 parsecs', {}))),
      fc.tuple(count, fc.oneof(json, fc.constantFrom(-1, 1.5, NaN, Infinity, '3'))),
      fc.tuple(
        fc.constant('retry'),
        fc.constantFrom({ maximumAttempts: -1 }, { backoffCoefficient: 0 }, null, 'often'),
      ),
    );
    fc.assert(
      fc.property(good, wrong, (options, [name, value]) => {
        const [outer = '', inner] = name.split('.');
        const given = inner === undefined ? value : { [inner]: value };
        const isBad = refused(() => resolveJobOptions({ ...options, [outer]: given }, fail));
        if (isBad !== null) expect(isBad).toBe(name);
        else expect(['string', 'number', 'object']).toContain(typeof value);
        if (value === null || typeof value === 'boolean' || isJsonObject(value)) expect(isBad).toBe(name);
      }),
      RUNS,
    );
  });
});

describe('toJsonSchema', () => {
  it('gives the schema of an object without its dialect, or our own failure', () => {
    const dialect = fc.constant({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    const schema = fc.oneof(
      fc.tuple(jsonObject, dialect).map(([rest, head]) => ({ ...head, ...rest, type: 'object' })),
      jsonObject,
      json,
    );
    fc.assert(
      fc.property(schema, fc.boolean(), (given, isStandard) => {
        const output = (): Record<string, unknown> => given as Record<string, unknown>;
        const standard = { '~standard': { version: 1 as const, vendor: 'v', jsonSchema: { output } } };
        let printed: unknown;
        const field = refused(() => {
          printed = toJsonSchema(isStandard ? standard : output(), fail);
        });
        const isObject = isJsonObject(given) && given.type === 'object';
        expect(field).toBe(isObject ? null : 'schema');
        if (isObject) expect({ ...given, $schema: undefined }).toEqual({ ...(printed as object), $schema: undefined });
      }),
      RUNS,
    );
  });
});
