import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';

/** How many values a JSON Schema asks for; a list's item counts once. */
export function countSchemaFields(schema: JsonValue | undefined): number {
  if (!isJsonObject(schema)) return 1;
  if (isJsonObject(schema.properties)) {
    return Object.values(schema.properties).reduce<number>((sum, field) => sum + countSchemaFields(field), 0);
  }
  return schema.items === undefined ? 1 : countSchemaFields(schema.items);
}

/** True when a property at the top is a list. */
export function hasTopLevelList({ properties }: JsonObject): boolean {
  return (
    isJsonObject(properties) && Object.values(properties).some((field) => isJsonObject(field) && field.type === 'array')
  );
}
