import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';
import type { ReductoOperation } from './operations.js';

const FIELD = 'document_password';

/** Where the vendor has a document's password, from the body's (and the options') top. Edit and classify have none. */
const GROUPS: Partial<Record<ReductoOperation, readonly string[]>> = {
  parse: ['settings'],
  extract: ['parsing', 'settings'],
  split: ['parsing', 'settings'],
  pipeline: ['settings'],
};

/**
 * What is wrong with the passwords in a request's options: they travel through Temporal's history, so that they are named there and
 * never stand there, wherever they are put.
 * @param hasSecrets the account can look secrets up
 */
export function checkPassword(
  options: JsonObject,
  operation: ReductoOperation,
  hasSecrets: boolean,
): { field: string; reason: string } | null {
  const group = GROUPS[operation];
  const place = group === undefined ? null : ['options', ...group, FIELD].join('.');
  for (const { field, value } of passwordsIn(options, 'options')) {
    if (value === null) continue;
    if (field !== place) {
      const elsewhere = place === null ? `${operation} takes no document password` : `the vendor takes it in ${place}`;
      return { field, reason: `${elsewhere}; and by name only: { "secret": "name" }` };
    }
    if (!isSecretName(value)) {
      const reason =
        `a value would stand in Temporal's history: name a secret instead, { "secret": "name" }, ` +
        `which the worker's reducto({ secrets: (name) => … }) gives`;
      return { field, reason };
    }
    if (!hasSecrets) {
      const reason = `names the secret "${value.secret}", but this account has no secrets: give reducto({ secrets: (name) => … }) on the worker`;
      return { field, reason };
    }
  }
  return null;
}

/** The secret that a request body names for its document's password; undefined when it names none. */
export function namedPassword(body: JsonObject, operation: ReductoOperation): string | undefined {
  const group = GROUPS[operation];
  const named = group && [...group, FIELD].reduce<JsonValue | undefined>(inside, body);
  return isSecretName(named) ? named.secret : undefined;
}

/** The body with the password itself in place of its {@link namedPassword}. */
export function withPassword(body: JsonObject, operation: ReductoOperation, password: string): JsonObject {
  const put = (value: JsonObject, [key, ...rest]: readonly string[]): JsonObject =>
    key === undefined ? { ...value, [FIELD]: password } : { ...value, [key]: put(value[key] as JsonObject, rest) };
  return put(body, GROUPS[operation] ?? []);
}

function isSecretName(value: JsonValue | undefined): value is { secret: string } {
  const isNamed = isJsonObject(value) && Object.keys(value).length === 1;
  return isNamed && typeof value.secret === 'string' && value.secret.trim() !== '';
}

function inside(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Every field of that name, however deep. */
function passwordsIn(value: JsonValue, path: string): { field: string; value: JsonValue }[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => passwordsIn(one, `${path}.${index}`));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === FIELD ? [{ field: `${path}.${key}`, value: inner }] : passwordsIn(inner, `${path}.${key}`),
  );
}
