import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';
import type { Problem } from '../request-checks.js';
import { type SourcePolicy, webhookRefusal } from '../source-url.js';
import { parseUrl } from '../../jobs/parse-url.js';

/** Where a body has a webhook: the newer form keeps it in `async`, edit and the older form at the top. */
const PLACES = [['async', 'webhook'], ['webhook']] as const;

/** What is wrong with the webhooks of a request's options. Their URLs are named by field: the path tends to hold a token. */
export function checkWebhooks(options: JsonObject, policy: SourcePolicy): Problem | null {
  for (const place of PLACES) {
    const given = at(options, place);
    const field = ['options', ...place].join('.');
    if (given === undefined || given === null) continue;
    if (!isJsonObject(given)) return { field, reason: 'expected an object' };
    const isWanted = given.mode === 'direct' || (given.url ?? null) !== null;
    const refusal = isWanted ? webhookRefusal(given.url, policy) : null;
    if (refusal !== null) return { field: `${field}.url`, reason: refusal };
  }
  return null;
}

/** Whether a request's options say themselves who is called. */
export const hasWebhook = (options: JsonObject): boolean =>
  PLACES.some((place) => {
    const given = at(options, place);
    return isJsonObject(given) && ['mode', 'url', 'channels'].some((key) => (given[key] ?? null) !== null);
  });

/** A body with the account's webhook in it: in `async`, or at the top where the endpoint has it there. */
export function withWebhook(body: JsonObject, webhook: JsonObject | undefined): JsonObject {
  if (webhook === undefined) return body;
  const { async, webhook: top } = body;
  if (isJsonObject(async)) return { ...body, async: { ...async, webhook } };
  return isJsonObject(top) ? { ...body, webhook: { ...top, ...webhook } } : body;
}

/** Shorter parts of a URL are words that messages are made of. */
const MIN_TOKEN = 12;

/** What of a body's webhooks no error may repeat: their URLs in the forms that a vendor gives them, and the parts that may be a token. */
export function webhookSecrets(body: JsonObject): string[] {
  return PLACES.flatMap((place) => {
    const given = at(body, place);
    const url = isJsonObject(given) ? given.url : undefined;
    if (typeof url !== 'string') return [];
    const parsed = parseUrl(url);
    if (parsed === null) return [];
    const { href, pathname, search } = parsed;
    const parts = `${pathname}${search}`.split(/[/?&=]/).filter((part) => part.length >= MIN_TOKEN);
    return [url, href, ...parts, ...parts.map(decoded)];
  });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const at = (value: JsonObject, place: readonly string[]): JsonValue | undefined =>
  place.reduce<JsonValue | undefined>((inner, key) => (isJsonObject(inner) ? inner[key] : undefined), value);
