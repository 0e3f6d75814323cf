import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';

/*
 * What of a vendor-only operation's body may travel inline. Parse content, usage and links stay in the result store, where the whole body is.
 * They are left out by their place in the vendor's structure, never by name alone: a user's own value may have fields of any name.
 */

/** Beside what was asked for, in every body. */
const AROUND = new Set(['usage', 'studio_link', 'pdf_url']);
/** An edit's own, with a signed URL of the document. */
const AROUND_EDIT = new Set([...AROUND, 'document_url']);

/** A classify's result, or its body where it has none. */
export function classifyValue(body: JsonObject): JsonValue {
  return body.result ?? without(body, AROUND);
}

/** An edit has no `result`: its answer is the body itself. */
export function editValue(body: JsonObject): JsonValue {
  return without(body, AROUND_EDIT);
}

/** A pipeline's result holds a whole body for each operation that it ran. Of the parse nothing is given, and nothing that is not known here. */
export function pipelineValue({ result }: JsonObject): JsonValue {
  if (!isJsonObject(result)) return null;
  const bodies: [string, (body: JsonValue) => JsonValue][] = [
    ['extract', (body) => around(body, AROUND)],
    ['split', (body) => around(body, AROUND)],
    ['edit', (body) => around(body, AROUND_EDIT)],
  ];
  const given = bodies.flatMap(([name, inline]) =>
    result[name] === undefined ? [] : [[name, inline(result[name])] as const],
  );
  return Object.fromEntries(given);
}

/** Of one body, or of several: the extracts of sections are entries around their bodies. */
function around(body: JsonValue, left: ReadonlySet<string>): JsonValue {
  if (Array.isArray(body)) return body.map((one) => around(one, left));
  if (!isJsonObject(body)) return body;
  if (!Object.hasOwn(body, 'split_name')) return without(body, left);
  return { ...body, ...(body.result === undefined ? {} : { result: around(body.result, left) }) };
}

function without(body: JsonObject, left: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !left.has(name)));
}
