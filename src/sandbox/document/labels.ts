import { STOP_WORDS, tokenise } from './tokenise.js';

/** Words that documents use for the same thing, by how surely they mean it. */
const KIN: readonly (readonly [similarity: number, ...words: string[]])[] = [
  [0.9, 'supplier', 'vendor', 'seller', 'payee'],
  [0.7, 'supplier', 'vendor', 'seller', 'from', 'remit'],
  [0.9, 'customer', 'client', 'buyer', 'purchaser'],
  [0.8, 'customer', 'client', 'buyer', 'bill', 'sold'],
  [0.7, 'total', 'amount', 'sum', 'balance'],
  [0.85, 'due', 'payable', 'outstanding'],
  [0.85, 'price', 'rate', 'cost'],
  [0.75, 'description', 'item', 'product', 'article', 'service', 'detail', 'material', 'particular'],
  [0.7, 'number', 'code', 'reference'],
  [0.7, 'date', 'issued', 'issue'],
  [0.85, 'ship', 'deliver', 'delivery', 'consignee'],
  [0.7, 'quantity', 'count', 'unit', 'hour'],
  [0.7, 'bill', 'invoice'],
  [0.7, 'name', 'company'],
  [0.85, 'term', 'condition'],
  [0.8, 'phone', 'mobile'],
  [0.85, 'note', 'remark', 'comment'],
  [0.85, 'discount', 'rebate'],
  [0.8, 'ship', 'freight', 'carriage'],
  [0.7, 'order', 'purchase'],
];

/** Words that say little about which field is meant. */
const LIGHT: ReadonlyMap<string, number> = new Map([
  ['number', 0.6],
  ['name', 0.4],
  ['payment', 0.4],
  ['grand', 0.2],
  ['line', 0.3],
  ['value', 0.3],
  ['net', 0.4],
  ['gross', 0.4],
  ['full', 0.2],
  ['usd', 0.1],
  ['eur', 0.1],
  ['gbp', 0.1],
]);

/** What a field is called: the words of its name, and those of its description as weaker evidence. */
export interface FieldWords {
  name: string[];
  description: string[];
}

export function fieldWords(name: string, description = ''): FieldWords {
  return { name: significant(tokenise(name)), description: significant(tokenise(description)) };
}

/**
 * How well a label names a field, 0..1: the harmonic mean of how much of the field's name the label says and how much
 * of the label the field explains.
 */
export function labelScore(field: FieldWords, label: string): number {
  return wordsScore(field, labelWords(label));
}

/** {@link labelScore} for a label that is already split to words. */
export function wordsScore(field: FieldWords, words: readonly string[]): number {
  if (words.length === 0 || words.length > 7) return 0;
  // Most texts share no word with the field.
  if (!words.some((word) => bestSimilarity(word, field.name) > 0 || field.description.includes(word))) return 0;
  const precision = share(words, (word) =>
    Math.max(bestSimilarity(word, field.name), field.description.includes(word) ? 0.6 : 0),
  );
  // "Due" names a due date as well as "Due date" does: a date shows by its form.
  const names = field.name.length > 1 ? [field.name, field.name.filter((word) => word !== 'date')] : [field.name];
  const byName = names.map((name, i) => {
    const recall = share(name, (word) => bestSimilarity(word, words));
    return recall + precision === 0 ? 0 : ((i === 0 ? 1 : 0.9) * 2 * recall * precision) / (recall + precision);
  });
  return Math.max(...byName, byDescription(field, words));
}

/** True for a text that is a label of the field and nothing more, so that it is hardly another field's value. */
export function isLabelOf(field: FieldWords, text: string): boolean {
  const words = labelWords(text);
  return (
    wordsScore(field, words) >= 0.6 && words.every((word) => LIGHT.has(word) || bestSimilarity(word, field.name) > 0)
  );
}

/** Words of a label, without what stands in parentheses, percentages and bare numbers. */
export function labelWords(label: string): string[] {
  const bare = label.replace(/\([^)]*\)/g, ' ').replace(/\d+([.,]\d+)?\s*%/g, ' ');
  return significant(tokenise(bare)).filter((word) => !/^\d/.test(word));
}

/** A label of two or more words that the description says in the same order. */
function byDescription(field: FieldWords, words: readonly string[]): number {
  if (words.length < 2) return 0;
  return ` ${field.description.join(' ')} `.includes(` ${words.join(' ')} `) ? 0.72 : 0;
}

function significant(words: readonly string[]): string[] {
  const kept = words.filter((word) => !STOP_WORDS.has(word) || word === 'from');
  return kept.length > 0 ? kept : [...words];
}

function share(words: readonly string[], similarity: (word: string) => number): number {
  let [sum, all] = [0, 0];
  for (const word of words) {
    const weight = LIGHT.get(word) ?? 1;
    sum += weight * similarity(word);
    all += weight;
  }
  return all === 0 ? 0 : sum / all;
}

function bestSimilarity(word: string, others: readonly string[]): number {
  let best = 0;
  for (const other of others) best = Math.max(best, similarity(word, other));
  return best;
}

function similarity(a: string, b: string): number {
  return a === b ? 1 : (KIN_OF.get(a)?.get(b) ?? 0);
}

/** {@link KIN} by word: this is asked for every word of every line. */
const KIN_OF = new Map<string, Map<string, number>>();
for (const [strength, ...kin] of KIN) {
  for (const word of kin) {
    const others = KIN_OF.get(word) ?? new Map<string, number>();
    for (const other of kin) others.set(other, Math.max(strength, others.get(other) ?? 0));
    KIN_OF.set(word, others);
  }
}
