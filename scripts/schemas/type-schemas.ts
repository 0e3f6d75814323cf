import ts from 'typescript';

/** A piece of JSON Schema. */
export type Schema = { [keyword: string]: unknown };

/** Keywords that may be joined into one list of types. */
const NAMED: readonly [ts.TypeFlags, string][] = [
  [ts.TypeFlags.String, 'string'],
  [ts.TypeFlags.Number, 'number'],
  [ts.TypeFlags.Null, 'null'],
];

/**
 * JSON Schemas of TypeScript types, by the compiler's own reading of them: `Omit`, `Partial`, `Record` and intersections are what it says they
 * are. Exported types of the project become definitions, and are referred to; docstrings become descriptions. What JSON can't carry is an error.
 */
export class TypeSchemas {
  /** The definitions that were needed so far, by name. */
  readonly defs = new Map<string, Schema>();

  /** @param describe makes a description of a docstring. @param isOwn tells the project's files. */
  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly describe: (docstring: string) => string,
    private readonly isOwn: (file: ts.SourceFile) => boolean,
  ) {}

  /** @throws Error that names what is no JSON. */
  of(type: ts.Type): Schema {
    const symbol = this.nameOf(type);
    if (symbol === null) return this.inline(type);
    const { name } = symbol;
    if (!this.defs.has(name)) {
      // Before its parts: they may refer to it.
      this.defs.set(name, {});
      this.defs.set(name, { ...this.described(symbol), ...this.inline(type) });
    }
    return { $ref: `#/$defs/${name}` };
  }

  /** Null for what has no name of its own: a utility type's, or none at all. */
  private nameOf(type: ts.Type): ts.Symbol | null {
    if (type.aliasSymbol !== undefined && (type.aliasTypeArguments ?? []).length > 0) return null;
    const symbol = type.aliasSymbol ?? (type.isClassOrInterface() ? type.symbol : undefined);
    const file = symbol?.declarations?.[0]?.getSourceFile();
    return symbol !== undefined && file !== undefined && this.isOwn(file) ? symbol : null;
  }

  private inline(type: ts.Type): Schema {
    const named = NAMED.find(([flag]) => (type.flags & flag) !== 0);
    if (named !== undefined) return { type: named[1] };
    if ((type.flags & ts.TypeFlags.Boolean) !== 0) return { type: 'boolean' };
    if ((type.flags & ts.TypeFlags.BooleanLiteral) !== 0) return { const: this.checker.typeToString(type) === 'true' };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.isUnion()) return this.union(type.types);
    if (this.checker.isArrayType(type)) {
      const [item] = this.checker.getTypeArguments(type as ts.TypeReference);
      if (item !== undefined) return { type: 'array', items: this.of(item) };
    }
    const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
    if (!isObject || this.checker.isTupleType(type) || type.getCallSignatures().length > 0)
      throw new Error(`no JSON Schema for the type ${this.checker.typeToString(type)}`);
    return this.object(type);
  }

  private object(type: ts.Type): Schema {
    const fields = this.checker.getPropertiesOfType(type);
    const values = this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
    const isOptional = (field: ts.Symbol): boolean => (field.flags & ts.SymbolFlags.Optional) !== 0;
    const required = fields.filter((field) => !isOptional(field)).map(({ name }) => name);
    const properties = fields.map((field) => [field.name, { ...this.described(field), ...this.field(field) }] as const);
    return {
      type: 'object',
      ...(fields.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
      ...(required.length === 0 ? {} : { required }),
      ...(values === undefined ? {} : { additionalProperties: this.of(values) }),
    };
  }

  /** As it was written where that can be seen: what the compiler makes of an optional one has lost its name. */
  private field(field: ts.Symbol): Schema {
    const { valueDeclaration: written } = field;
    if (written !== undefined && ts.isPropertySignature(written) && written.type !== undefined)
      return this.of(this.checker.getTypeFromTypeNode(written.type));
    return this.of(this.checker.getTypeOfSymbol(field));
  }

  private union(members: readonly ts.Type[]): Schema {
    const present = members.filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0);
    const [only] = present;
    if (only !== undefined && present.length === 1) return this.of(only);
    const isTruth = ({ flags }: ts.Type): boolean => (flags & ts.TypeFlags.BooleanLiteral) !== 0;
    const bothTruths = present.filter(isTruth).length === 2;
    const rest = bothTruths ? present.filter((member) => !isTruth(member)) : present;
    const choices = [...(bothTruths ? [{ type: 'boolean' }] : []), ...rest.map((member) => this.of(member))];
    return joined(choices);
  }

  private described(symbol: ts.Symbol): Schema {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.checker));
    return text === '' ? {} : { description: this.describe(text) };
  }
}

/** Constants as one list, types likewise, the rest beside each other. */
function joined(choices: readonly Schema[]): Schema {
  const isOnly = (keyword: string, choice: Schema): boolean => keyword in choice && Object.keys(choice).length === 1;
  // Sorted: the compiler's own order follows what else the program holds.
  const constants = choices
    .filter((choice) => isOnly('const', choice))
    .map((choice) => choice.const)
    .sort();
  const types = choices
    .filter((choice) => isOnly('type', choice))
    .map((choice) => choice.type)
    .sort()
    .reverse();
  const others = choices.filter((choice) => !isOnly('const', choice) && !isOnly('type', choice));
  const alternatives = [
    ...(types.length > 0 ? [{ type: types.length === 1 ? types[0] : types }] : []),
    ...(constants.length > 0 ? [constants.length === 1 ? { const: constants[0] } : { enum: constants }] : []),
    ...others,
  ];
  const [only] = alternatives;
  return only !== undefined && alternatives.length === 1 ? only : { anyOf: alternatives };
}
