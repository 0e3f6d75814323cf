import type { JsonValue } from '../../jobs/json.js';
import { redact } from '../../providers/redact.js';
import { sha256Of } from '../canonical-json.js';

/** What {@link redact} leaves of a text. */
const SHOWN = 300;

/** A JSON value with nothing in it that must not be shown: each text by itself, and all texts under a name that says so. */
export function redactJson(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [redact(name), isSecret(name) ? masked(part) : redactJson(part)]),
  );
}

/** Two texts that begin alike are told apart by their hashes: of what is shown, so that no hash is of a secret. */
function redactText(text: string): string {
  if (text.length <= SHOWN) return redact(text);
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += SHOWN) parts.push(redact(text.slice(at, at + SHOWN)));
  return `${redact(text)} [sha256 ${sha256Of(parts.join(''))}]`;
}

/** The redactor knows which names these are. */
const isSecret = (name: string): boolean => redact(JSON.stringify({ [name]: 'value' })).includes('…');

function masked(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [redact(name), masked(part)]));
  }
  return typeof value === 'boolean' || value === null ? value : '…';
}
