import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';

/** What extraction needs to know of a JSON Schema: references followed, null taken out of unions. */
export type SchemaShape =
  { type: 'object'; fields: { name: string; schema: JsonObject }[] } | { type: 'array'; items: JsonObject } | LeafShape;

export interface LeafShape {
  type: 'string' | 'number' | 'integer' | 'boolean';
  format?: string;
  enum?: JsonValue[];
}

export function schemaShape(schema: JsonObject, root: JsonObject): SchemaShape {
  const resolved = resolve(schema, root);
  const type = typeOf(resolved);
  if (type === 'object') {
    const properties = isJsonObject(resolved['properties']) ? resolved['properties'] : {};
    return { type, fields: Object.entries(properties).map(([name, value]) => ({ name, schema: asObject(value) })) };
  }
  if (type === 'array') return { type, items: asObject(resolved['items']) };
  const format = resolved['format'];
  const constants = resolved['const'] === undefined ? resolved['enum'] : [resolved['const']];
  const choices = Array.isArray(constants) ? constants.filter((choice) => choice !== null) : [];
  return {
    type,
    ...(typeof format === 'string' ? { format } : {}),
    ...(choices.length > 0 ? { enum: choices } : {}),
  };
}

/** Title and description of a schema, for matching against labels. */
export function describe(schema: JsonObject, root: JsonObject): string {
  const resolved = resolve(schema, root);
  return [resolved['title'], resolved['description'] ?? schema['description']]
    .filter((text) => typeof text === 'string')
    .join('. ');
}

function resolve(schema: JsonObject, root: JsonObject, depth = 0): JsonObject {
  if (depth > 8) return {};
  const reference = schema['$ref'];
  if (typeof reference === 'string') return resolve(lookUp(reference, root), root, depth + 1);
  const union = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  const branch = Array.isArray(union)
    ? union.filter(isJsonObject).find((candidate) => candidate['type'] !== 'null')
    : undefined;
  if (!branch) return schema;
  const { anyOf: _a, oneOf: _b, allOf: _c, ...own } = schema;
  return { ...resolve(branch, root, depth + 1), ...own };
}

function lookUp(reference: string, root: JsonObject): JsonObject {
  let node: JsonValue | undefined = root;
  for (const step of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    node = isJsonObject(node) ? node[step.replace(/~1/g, '/').replace(/~0/g, '~')] : undefined;
  }
  return asObject(node);
}

function typeOf(schema: JsonObject): SchemaShape['type'] {
  const declared = schema['type'];
  const types = (Array.isArray(declared) ? declared : [declared]).filter((type) => type !== 'null');
  const type = types[0];
  if (type === 'object' || type === 'array' || type === 'number' || type === 'integer' || type === 'boolean')
    return type;
  if (type === undefined && schema['properties'] !== undefined) return 'object';
  if (type === undefined && schema['items'] !== undefined) return 'array';
  return 'string';
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
