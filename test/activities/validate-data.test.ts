import { describe, expect, it } from 'vitest';
import { checkSchema, validateData } from '../../src/activities/validate-data.js';
import type { JsonSchema, JsonValue } from '../../src/jobs/json.js';

const INVOICE: JsonSchema = {
  type: 'object',
  required: ['number'],
  properties: {
    number: { type: 'string' },
    total: { type: 'number' },
    note: { type: ['string', 'null'] },
    due: { type: 'string', format: 'date' },
    lines: {
      type: 'array',
      items: { type: 'object', properties: { amount: { $ref: '#/$defs/amount' }, 'a/b': { type: 'string' } } },
    },
  },
  $defs: { amount: { type: 'number' } },
};

describe('validateData', () => {
  it('passes a value that fits, formats ignored', () => {
    const data = { number: 'INV-1', total: 5, due: 'next Tuesday', unknown: true };
    expect(validateData(INVOICE, data)).toEqual({ data, issues: [] });
  });

  it('drops null where the schema knows an optional property but no null', () => {
    const data = { number: 'INV-1', total: null, note: null, lines: [{ amount: null, 'a/b': null }] };
    expect(validateData(INVOICE, data)).toEqual({ data: { number: 'INV-1', note: null, lines: [{}] }, issues: [] });
    expect(data.total).toBeNull();
  });

  it('reports null for a required property as what it is', () => {
    expect(validateData(INVOICE, { number: null, total: null })).toEqual({
      data: { number: null },
      issues: [{ path: '/number', message: 'must be string' }],
    });
  });

  it('reports paths and rules, never values', () => {
    const secret = 'SECRET-VALUE';
    const { issues } = validateData(
      {
        ...INVOICE,
        additionalProperties: false,
        properties: { ...(INVOICE.properties as object), kind: { enum: ['a'] } },
      },
      { number: 7, kind: secret, lines: [{ amount: secret, 'a/b': 1 }] },
    );
    expect(issues).toContainEqual({ path: '/number', message: 'must be string' });
    expect(issues).toContainEqual({ path: '/lines/0/amount', message: 'must be number' });
    expect(issues).toContainEqual({ path: '/lines/0/a~1b', message: 'must be string' });
    expect(JSON.stringify(issues)).not.toContain(secret);
  });

  it('reports no name that the schema leaves to the document', () => {
    const person = { type: 'object', properties: { age: { type: 'number' } } };
    const people = { type: 'object', additionalProperties: person, patternProperties: { '^id': { type: 'string' } } };
    const schema = { type: 'object', properties: { people, list: { type: 'array', items: people } } };
    const named = { 'Jane Doe': { age: 'old' }, '4711': { age: 'young' }, 'id 0815': 7 };
    expect(validateData(schema, { people: named, list: [{}, named] }).issues).toEqual([
      { path: '/people/*/age', message: 'must be number' },
      { path: '/people/*', message: 'must be string' },
      { path: '/list/1/*/age', message: 'must be number' },
      { path: '/list/1/*', message: 'must be string' },
    ]);
  });

  it('reports at most twenty issues', () => {
    const lines = Array.from({ length: 50 }, () => ({ amount: 'x' }));
    expect(validateData(INVOICE, { number: 'a', lines }).issues).toHaveLength(20);
  });

  it.each<[string, JsonSchema, JsonValue]>([
    [
      'draft 7 by name',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        $ref: '#/definitions/a',
        definitions: { a: { type: 'object' } },
      },
      {},
    ],
    [
      'draft 7 tuples without a name',
      { type: 'object', properties: { p: { items: [{ type: 'number' }] } } },
      { p: [1] },
    ],
    [
      '2020-12 by name',
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { p: { prefixItems: [{ type: 'number' }] } },
      },
      { p: [1] },
    ],
    [
      'words of other dialects',
      { type: 'object', 'x-order': 1, nullable: true, properties: { a: { type: 'string', example: 'b' } } },
      { a: 'c' },
    ],
  ])('understands %s', (_name, schema, data) => {
    expect(checkSchema(schema)).toBeNull();
    expect(validateData(schema, data).issues).toEqual([]);
  });

  it('the same $id may be used by different schemas', () => {
    expect(validateData({ $id: 'https://x/s', type: 'object' }, {}).issues).toEqual([]);
    expect(validateData({ $id: 'https://x/s', type: 'array' }, {}).issues).toHaveLength(1);
  });
});

describe('checkSchema', () => {
  it.each<[string, JsonSchema]>([
    ['a reference to nowhere', { type: 'object', properties: { a: { $ref: '#/$defs/none' } } }],
    ['a pattern that is none', { type: 'object', properties: { a: { type: 'string', pattern: '(' } } }],
  ])('refuses %s', (_name, schema) => {
    expect(checkSchema(schema)).toEqual(expect.any(String));
  });
});
