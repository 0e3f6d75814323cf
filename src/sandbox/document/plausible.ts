import type { Conventions } from './conventions.js';
import type { LeafRequest } from './leaf-requests.js';
import { readDate } from './read-date.js';

const AMOUNT_WORDS = ['total', 'subtotal', 'amount', 'price', 'tax', 'sum', 'quantity', 'discount', 'balance'];

/**
 * False for a text that the field's name rules out although its type allows it: an invoice *number* has a digit, an
 * *email* has an @.
 */
export function plausible({ words, shape }: LeafRequest, text: string, conventions: Conventions): boolean {
  if (shape.type !== 'string' || shape.enum) return true;
  if (text.endsWith(':') || text.length > 300) return false;
  const name = words.name;
  const last = name.at(-1) ?? '';
  if (name.includes('email')) return text.includes('@');
  if (name.includes('phone') || name.includes('fax')) return (text.match(/\d/g)?.length ?? 0) >= 5;
  if (name.includes('date')) return readDate(text, conventions) !== null;
  if (last === 'number' || AMOUNT_WORDS.includes(last)) return /\d/.test(text) && readDate(text, conventions) === null;
  if (last === 'name' || last === 'address') return /[a-z]{2}/i.test(text);
  return true;
}
