import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';

/** What is in them is the caller's, not the vendor's. */
const OPAQUE = new Set(['schema', 'experimental_schema', 'input_schema']);
/** Fields that a form carries as JSON text. */
const OBJECTS = new Set([
  'storage',
  'figure_processing',
  'extensions',
  'spreadsheet',
  'structured_output',
  'schema',
  'refine_options',
]);

/** Extract's fields under their snake_case names, whichever way they were written and sent. */
export function normaliseExtract(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      const name = snakeCase(key);
      const parsed = OBJECTS.has(name) && typeof value === 'string' ? parsedOrSame(value) : value;
      return [name, OPAQUE.has(name) ? parsed : snakeKeys(parsed)];
    }),
  );
}

function snakeKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = snakeCase(key);
      return [name, OPAQUE.has(name) ? inner : snakeKeys(inner)];
    }),
  );
}

/** Text that is no JSON stays: its field's own check refuses it. */
export function parsedOrSame(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

const snakeCase = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
