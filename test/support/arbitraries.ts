import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/jobs/json.js';
import type { Operation } from '../../src/jobs/types.js';

/** 0 ≤ x < 1. */
export const jitter = fc.nat(9_999).map((share) => share / 10_000);

/** Short and easy to read in a shrunken case. */
export const word = fc.nat(99).map((number) => `w${number}`);

const leaf = fc.constantFrom<JsonValue>(null, true, false, 0, -1, 2.5, '', ' ', 'a', '1', 'toString', [], {});

/** What a field may hold that nobody has checked. Far cheaper than `fc.jsonValue()`, which the decisions would drown in. */
export const json: fc.Arbitrary<JsonValue> = fc.oneof(
  leaf,
  leaf.map((value) => [value]),
  leaf.map((value) => ({ a: value })),
  leaf.map((value) => ({ type: value, value, constructor: [value] })),
);

export const jsonObject: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({}),
  fc.tuple(word, json).map(([name, value]) => ({ [name]: value })),
  fc.tuple(json, json).map(([a, type]) => ({ a, type })),
);

export const operation = fc.constantFrom<Operation>(
  'parse',
  'extract',
  'split',
  'pipeline',
  'edit',
  'classify',
  'tables',
);
