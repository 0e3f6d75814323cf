import fc from 'fast-check';
import { describe, it } from 'vitest';
import { validateData } from '../../src/activities/validate-data.js';
import type { JsonObject, JsonValue } from '../../src/jobs/json.js';
import { json } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const schema: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    total: { type: 'number' },
    note: { type: ['string', 'null'] },
    'a/b~c': { type: 'boolean' },
    lines: {
      type: 'array',
      items: {
        type: 'object',
        properties: { text: { type: 'string' }, count: { type: 'integer' } },
        required: ['text'],
      },
    },
  },
  required: ['name'],
};

const text = fc.constantFrom('', 'a', '3', 'null');
const line = fc.record({ text, count: fc.nat(9) }, { requiredKeys: ['text'] });
const fitting = fc.record(
  {
    name: text,
    total: fc.nat(99),
    note: fc.option(text),
    'a/b~c': fc.boolean(),
    lines: fc.array(line, { maxLength: 3 }),
  },
  { requiredKeys: ['name'] },
) as unknown as fc.Arbitrary<JsonObject>;
const OPTIONAL = ['total', 'a/b~c', 'lines'];

describe('validateData', () => {
  it('takes what fits as it is', () => {
    fc.assert(
      fc.property(fitting, (value) => {
        expect(validateData(schema, value)).toEqual({ data: value, issues: [] });
      }),
      RUNS,
    );
  });

  it('takes null in an optional place for nothing, and in a required one for a fault at its path', () => {
    fc.assert(
      fc.property(fitting, fc.subarray(OPTIONAL), fc.boolean(), (value, missing, isFaulty) => {
        const nulls = Object.fromEntries(missing.map((name) => [name, null]));
        const given = { ...value, ...nulls, ...(isFaulty ? { name: null } : {}) };
        const before = JSON.stringify(given);
        const { data, issues } = validateData(schema, given);
        const without = Object.entries(value).filter(([name]) => !missing.includes(name));
        expect(data).toEqual({ ...Object.fromEntries(without), ...(isFaulty ? { name: null } : {}) });
        expect(issues.map(({ path }) => path)).toEqual(isFaulty ? ['/name'] : []);
        expect(JSON.stringify(given)).toBe(before);
      }),
      RUNS,
    );
  });

  it('never says a value, and never drops one', () => {
    const odd = fc.record({ name: json, total: json, note: json, 'a/b~c': json, lines: fc.array(json) });
    const secret = 'very-private';
    const hide = (value: JsonValue): JsonValue =>
      JSON.parse(JSON.stringify(value).replaceAll('"a"', `"${secret}"`)) as JsonValue;
    const valuesOf = (value: unknown): string => JSON.stringify(value).replaceAll(/"[^"]*":null,?|,?\bnull\b,?|,/g, '');
    fc.assert(
      fc.property(fc.oneof(odd, json), (value) => {
        const given = hide(value);
        const { data, issues } = validateData(schema, given);
        expect(issues.map(({ message }) => message).join()).not.toContain(secret);
        expect(valuesOf(data)).toBe(valuesOf(given));
      }),
      RUNS,
    );
  });
});
