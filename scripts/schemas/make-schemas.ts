import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import * as names from '../../src/jobs/names.js';
import { CONTRACTS, type Contract } from './contracts.js';
import { type Schema, TypeSchemas } from './type-schemas.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where the schemas are kept. */
export const SCHEMAS_FOLDER = join(root, 'schemas');

/** Never changes: schemas of other teams may refer to it. It is a name and no address. */
export const schemaId = (name: string): string => `urn:temporal-document-jobs:schemas:${name}`;

/** Makes all schema files anew. @returns from file name to text. @throws Error for a type that JSON can't carry. */
export async function makeSchemas(): Promise<Map<string, string>> {
  const style = (await resolveConfig(join(SCHEMAS_FOLDER, 'any.json'))) ?? {};
  const files = [
    ...new Set(CONTRACTS.flatMap(({ parts }) => Object.values(parts).map(([, file]) => join(root, file)))),
  ];
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    types: [],
    noEmit: true,
  });
  const texts = CONTRACTS.map(async (contract): Promise<[string, string]> => {
    const json = JSON.stringify(schemaOf(contract, program));
    return [`${contract.name}.json`, await format(json, { ...style, parser: 'json' })];
  });
  return new Map(await Promise.all(texts));
}

function schemaOf({ name, description, parts }: Contract, program: ts.Program): Schema {
  const checker = program.getTypeChecker();
  const schemas = new TypeSchemas(checker, describe, (file) => file.fileName.startsWith(join(root, 'src/')));
  const properties = Object.entries(parts).map(([part, [type, file]]) => [
    part,
    schemas.of(exportedType(type, join(root, file), program)),
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: schemaId(name),
    title: name,
    description,
    type: 'object',
    properties: Object.fromEntries(properties) as Schema,
    $defs: Object.fromEntries([...schemas.defs].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function exportedType(name: string, file: string, program: ts.Program): ts.Type {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.getExportsOfModule(module).find((one) => one.name === name);
  if (symbol === undefined) throw new Error(`${file} exports no type ${name}`);
  return checker.getDeclaredTypeOfSymbol(symbol);
}

/** For readers who have no TypeScript before them: a link to a constant becomes its value, line ends go but for lists. */
function describe(docstring: string): string {
  const constants = names as Readonly<Record<string, unknown>>;
  return docstring
    .replace(/\{@link (\w+)(?:\.(\w+))?\s*\}/g, (_link, name: string, field?: string) => {
      const value = constants[name];
      return `\`${typeof value === 'string' ? value : field === undefined ? name : `${name}.${field}`}\``;
    })
    .replace(/\n(?!- )/g, ' ')
    .trim();
}
