import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { TypeSchemas } from '../../scripts/schemas/type-schemas.js';

/** The schema of the type `T` that a source exports, and the definitions it needs. */
function schemaOf(source: string): { schema: unknown; defs: unknown } {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es5.d.ts'],
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === 'own.ts' ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  const program = ts.createProgram(['own.ts'], options, host);
  const file = program.getSourceFile('own.ts');
  const checker = program.getTypeChecker();
  const module = file && checker.getSymbolAtLocation(file);
  const symbol = module && checker.getExportsOfModule(module).find(({ name }) => name === 'T');
  if (symbol === undefined) throw new Error('no T');
  const schemas = new TypeSchemas(
    checker,
    (text) => text,
    (one) => one === file,
  );
  return { schema: schemas.of(checker.getDeclaredTypeOfSymbol(symbol)), defs: Object.fromEntries(schemas.defs) };
}

describe('the schema of a type', () => {
  it.each([
    ['string', { type: 'string' }],
    ['boolean', { type: 'boolean' }],
    ['true', { const: true }],
    ['7', { const: 7 }],
    ["'b' | 'a'", { enum: ['a', 'b'] }],
    ['string | number | null', { type: ['string', 'number', 'null'] }],
    ["boolean | 'auto'", { anyOf: [{ type: 'boolean' }, { const: 'auto' }] }],
    ['string[]', { type: 'array', items: { type: 'string' } }],
    ['readonly number[]', { type: 'array', items: { type: 'number' } }],
    ['Record<string, number>', { type: 'object', additionalProperties: { type: 'number' } }],
    ["Partial<Record<'a', string>>", { type: 'object', properties: { a: { type: 'string' } } }],
    ["Omit<{ a: string; b?: true }, 'a'>", { type: 'object', properties: { b: { const: true } } }],
    [
      '{ a: string } & { b?: null }',
      { type: 'object', properties: { a: { type: 'string' }, b: { type: 'null' } }, required: ['a'] },
    ],
  ])('%s', (type, schema) => {
    expect(schemaOf(`export type T = { it: ${type} };`).defs).toEqual({
      T: { type: 'object', properties: { it: schema }, required: ['it'] },
    });
  });

  it('refers to named types, also to itself, and says what the docstrings say', () => {
    const source = `/** A tree. */
      export interface T {
        /** Below it. */
        below?: T[];
        leaf: Leaf;
      }
      export type Leaf = 1 | 2;`;
    expect(schemaOf(source)).toEqual({
      schema: { $ref: '#/$defs/T' },
      defs: {
        T: {
          description: 'A tree.',
          type: 'object',
          properties: {
            below: { description: 'Below it.', type: 'array', items: { $ref: '#/$defs/T' } },
            leaf: { $ref: '#/$defs/Leaf' },
          },
          required: ['leaf'],
        },
        Leaf: { enum: [1, 2] },
      },
    });
  });

  it.each(['() => void', 'bigint', '[string, number]', 'unknown', 'symbol'])('%s has none', (type) => {
    expect(() => schemaOf(`export type T = { it: ${type} };`)).toThrow('no JSON Schema for the type');
  });
});
