import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/jobs/json.js';
import { isJsonObject } from '../../../src/jobs/json.js';
import { createAcceptedJobs } from '../../../src/providers/reducto/accepted-jobs.js';
import { compareConfig } from '../../../src/providers/reducto/same-config.js';
import { jsonObject } from '../../support/arbitraries.js';
import { expect, RUNS } from '../../support/properties.js';

const leaf = fc.constantFrom<JsonValue>('a', 1, true, null, 'https://h/x', [1, 2], ['a', { b: 1 }]);
const schemaOf = (...more: string[]) =>
  fc
    .tuple(fc.constantFrom('total', 'lines', ...more), fc.constantFrom('string', 'number'))
    .map(([name, type]) => ({ type: 'object', properties: { [name]: { type } } }));
const input = fc.constantFrom(
  'https://h/a.pdf',
  'https://h/b.pdf',
  'https://h/a.pdf?sig=1',
  'jobid://1',
  'reducto://1',
);
const bodyOf = (schema: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc.record({
    input: fc.oneof(input, fc.uniqueArray(input, { minLength: 1, maxLength: 2 })),
    settings: fc.record({ model: leaf, page_range: leaf }),
    instructions: fc.record({ schema }),
    async: fc.constant<JsonObject>({ metadata: { mine: 1 }, priority: true }),
  });
const body = bodyOf(schemaOf());

/** The same with fields that the vendor fills in, in another order, and with what it may keep to itself left out. */
function asShown(value: JsonValue, more: JsonObject): JsonValue {
  if (Array.isArray(value)) return value.map((one) => asShown(one, more));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key, inner]) => key !== 'metadata' && inner !== null);
  const shown = kept.reverse().map(([key, inner]) => [key, asShown(inner, more)] as const);
  return {
    ...Object.fromEntries(shown),
    ...Object.fromEntries(Object.entries(more).map(([key, one]) => [`x-${key}`, one])),
  };
}

/** The places of all values that are neither objects nor lists. */
function places(value: JsonValue, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]));
}

function changed(value: JsonValue, [key, ...rest]: string[]): JsonValue {
  if (key === undefined) return 'changed';
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === key ? changed(one, rest) : one));
  return isJsonObject(value) ? { ...value, [key]: changed(value[key] ?? null, rest) } : value;
}

function changedSomewhere(sent: JsonObject, nth: number, where = (_path: string[]): boolean => true): JsonObject {
  const paths = places(sent).filter((path) => !path.includes('async') && where(path));
  return changed(sent, paths[nth % paths.length] ?? []) as JsonObject;
}

describe('compareConfig', () => {
  it('knows a body again that the vendor shows with more, and without what it keeps to itself', () => {
    fc.assert(
      fc.property(body, jsonObject, (sent, more) => {
        expect(compareConfig(JSON.stringify(asShown(sent, more)), sent)).toBe('same');
      }),
      RUNS,
    );
  });

  it('is not the same for a body that differs in any value', () => {
    fc.assert(
      fc.property(body, fc.nat(20), (sent, nth) => {
        expect(compareConfig(JSON.stringify(changedSomewhere(sent, nth)), sent)).not.toBe('same');
        expect(compareConfig(JSON.stringify(sent), changedSomewhere(sent, nth))).not.toBe('same');
      }),
      RUNS,
    );
  });

  it('nor when the field that differs is called as what the vendor keeps to itself', () => {
    const odd = bodyOf(schemaOf('metadata', 'document_password'));
    fc.assert(
      fc.property(odd, fc.nat(20), (sent, nth) => {
        const other = changedSomewhere(sent, nth, (path) => path.includes('properties'));
        expect(compareConfig(JSON.stringify(other), sent)).not.toBe('same');
      }),
      RUNS,
    );
  });

  it('is sure of another job only where the input is another', () => {
    fc.assert(
      fc.property(body, body, (shown, sent) => {
        const verdict = compareConfig(JSON.stringify(shown), sent);
        if (JSON.stringify(shown.input) === JSON.stringify(sent.input)) expect(verdict).not.toBe('other');
        if (verdict === 'same') expect(shown).toEqual(sent);
      }),
      RUNS,
    );
  });

  it('is sure of nothing without an input on both sides', () => {
    const text = fc.oneof(
      fc.string(),
      jsonObject.map((config) => JSON.stringify(config)),
    );
    fc.assert(
      fc.property(body, text, (sent, shown) => {
        expect(compareConfig(shown, sent)).toBe('unclear');
        expect(compareConfig(JSON.stringify(sent), { ...sent, input: null })).toBe('unclear');
      }),
      RUNS,
    );
  });
});

describe('accepted jobs', () => {
  it('believe in shown configurations by a job that they have sent, and by no other', () => {
    fc.assert(
      fc.property(body, body, fc.boolean(), (sent, shown, isKnown) => {
        const accepted = createAcceptedJobs();
        accepted.add('j1', 'm1', sent);
        const job = { job_id: isKnown ? 'j1' : 'j2', raw_config: JSON.stringify(shown) };
        const isSame = isKnown && JSON.stringify(shown) === JSON.stringify(sent);
        expect(accepted.areShownAsSent([job as never])).toBe(isSame);
      }),
      RUNS,
    );
  });
});
