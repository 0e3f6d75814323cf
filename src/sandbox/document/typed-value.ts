import type { JsonValue } from '../../jobs/json.js';
import type { Conventions } from './conventions.js';
import { readDate } from './read-date.js';
import { readNumber } from './read-number.js';
import type { LeafShape } from './schema-shape.js';
import { tokenise } from './tokenise.js';

const YES = /^(yes|y|true|x|✓|✔|☑|☒|\[x\]|ja|oui|si|sí)$/i;
const NO = /^(no|n|false|-|☐|\[ ?\]|nein|non|none)$/i;

/**
 * Reads a text as the schema's type.
 * @returns null when it cannot be one: then this is not the value.
 */
export function typedValue(text: string, shape: LeafShape, conventions: Conventions): JsonValue {
  const clean = text.trim();
  if (clean === '') return null;
  if (shape.enum) return bestChoice(clean, shape.enum);
  switch (shape.type) {
    case 'number':
      return readNumber(clean, conventions);
    case 'integer': {
      const number = readNumber(clean, conventions);
      return number === null ? null : Math.round(number);
    }
    case 'boolean':
      return YES.test(clean) ? true : NO.test(clean) ? false : null;
    case 'string':
      return shape.format === 'date' || shape.format === 'date-time'
        ? readDateOf(clean, shape.format, conventions)
        : clean;
  }
}

function readDateOf(text: string, format: string, conventions: Conventions): string | null {
  const date = readDate(text, conventions);
  return date === null || format === 'date' ? date : `${date}T00:00:00Z`;
}

const CURRENCY_SYMBOLS: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY', '₹': 'INR' };

/** The choice that the text says: the same text, else the one with most words in common, else a currency by its symbol. */
function bestChoice(text: string, choices: readonly JsonValue[]): JsonValue {
  const same = choices.find((choice) => textOf(choice).toLowerCase() === text.toLowerCase());
  if (same !== undefined) return same;
  const words = new Set(tokenise(text));
  let [best, bestScore]: [JsonValue, number] = [null, 0];
  for (const choice of choices) {
    const wanted = tokenise(textOf(choice));
    const score = wanted.filter((word) => words.has(word)).length / Math.max(1, wanted.length);
    if (score > bestScore) [best, bestScore] = [choice, score];
  }
  if (bestScore >= 0.5) return best;
  return (
    choices.find((choice) =>
      Object.entries(CURRENCY_SYMBOLS).some(([s, code]) => text.includes(s) && code === choice),
    ) ?? null
  );
}

/** The ISO code of the currency that a text names or shows the symbol of; null when it shows none. */
export function currencyOf(text: string): string | null {
  const code = /\b(USD|EUR|GBP|CHF|JPY|CAD|AUD|NZD|SEK|NOK|DKK|PLN|INR|CNY)\b/.exec(text)?.[1];
  const symbol = Object.keys(CURRENCY_SYMBOLS).find((candidate) => text.includes(candidate));
  return code ?? (symbol === undefined ? null : CURRENCY_SYMBOLS[symbol]!);
}

function textOf(choice: JsonValue): string {
  return typeof choice === 'string' ? choice : JSON.stringify(choice);
}
