import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';

/** The request body as job lists show it: JSON text, without passwords. */
export function rawConfig(config: JsonObject, withMetadata: boolean): string {
  const hidden = new Set(['document_password', ...(withMetadata ? [] : ['metadata'])]);
  const strip = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(strip);
    if (!isJsonObject(value)) return value;
    const shown = Object.entries(value).filter(([key]) => !hidden.has(key));
    return Object.fromEntries(shown.map(([key, inner]) => [key, strip(inner)]));
  };
  return JSON.stringify(strip(config));
}
