import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';

/**
 * Whether a listed job was made by a body like ours. `other`: its input is another one. `unclear`: the list shows too little, or the input is
 * the same and the rest is not, which may be the vendor's doing.
 */
export type Verdict = 'same' | 'other' | 'unclear';

/** Where bodies carry what differs from submit to submit, and what no list shows. A schema may have fields of the same names. */
const LEFT_OUT = new Set([
  'async.metadata',
  'async.webhook',
  'webhook',
  'settings.document_password',
  'parsing.settings.document_password',
]);
const INPUTS = ['input', 'document_url'] as const;

/** @param shown a listed job's configuration as JSON text; it may hold more than was sent (the vendor's defaults). */
export function compareConfig(shown: string, sent: JsonObject): Verdict {
  const config = parsed(shown);
  if (!isJsonObject(config)) return 'unclear';
  const theirs = inputOf(config);
  const ours = inputOf(sent);
  if (theirs === undefined || ours === undefined) return 'unclear';
  const text = JSON.stringify(theirs);
  if (![ours].flat().every((one) => text.includes(coreOf(one)))) return 'other';
  return holds(config, sent) ? 'same' : 'unclear';
}

const inputOf = (body: JsonObject): JsonValue | undefined =>
  INPUTS.map((name) => body[name]).find((value) => value !== undefined && value !== null);

/** What of an input the vendor may be expected to show: a signed URL may have lost its signature, an upload may have become an object. */
function coreOf(input: JsonValue): string {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  return JSON.stringify(text.replace(/[?#].*$/s, '').replace(/^(reducto|jobid):\/\//i, '')).slice(1, -1);
}

/** All that was sent is there, as it was sent. */
function holds(shown: JsonValue | undefined, sent: JsonValue, path: readonly string[] = []): boolean {
  if (isJsonObject(sent)) {
    const fields = Object.entries(sent).filter(([key]) => !LEFT_OUT.has([...path, key].join('.')));
    if (!isJsonObject(shown)) return fields.length === 0 && shown === undefined;
    return fields.every(([key, value]) => holds(shown[key], value, [...path, key]));
  }
  if (Array.isArray(sent)) {
    return (
      Array.isArray(shown) &&
      shown.length === sent.length &&
      sent.every((value, index) => holds(shown[index], value, [...path, `${index}`]))
    );
  }
  return shown === sent || (sent === null && shown === undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
