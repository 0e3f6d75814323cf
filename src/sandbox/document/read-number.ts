import type { Conventions } from './conventions.js';

/** What may stand around a number without making it something else: currencies, units, signs for debit and credit. */
const AFFIX =
  /^(?:[$€£¥₹]|(?:us|ca|au|nz)\$|usd|eur|gbp|chf|jpy|cad|aud|nzd|sek|nok|dkk|pln|inr|cny|kr|fr|cr|dr|pcs?|pieces?|units?|ea|each|h|hrs?|hours?|days?|kg|g|m|cm|mm|l|boxes|box|sets?|%|-|–|−|\+|\s)*$/i;

/**
 * Reads `$1,234.50`, `1.234,50 €`, `1 234,50`, `(45.00)`, `45.00-`, `12 pcs`, `19 %`.
 * A lone separator before three digits groups thousands unless the document's decimal separator says otherwise.
 * @returns null when the text is anything but one number.
 */
export function readNumber(text: string, { decimal }: Pick<Conventions, 'decimal'> = { decimal: '.' }): number | null {
  const match = /^(.*?)(\d(?:[\d.,'’\u00a0\u202f ]*\d)?|[.,]\d+)(.*)$/.exec(text.trim());
  if (!match) return null;
  const [, before = '', digits = '', after = ''] = match;
  const parenthesised = before.includes('(') && after.includes(')');
  if (!AFFIX.test(before.replace('(', '')) || !AFFIX.test(after.replace(')', '').replace(/[.,]$/, ''))) return null;
  const value = Number(normaliseDigits(digits, decimal));
  if (!Number.isFinite(value)) return null;
  return parenthesised || /[-–−]/.test(before) || /^\s*[-–−]\s*$/.test(after) ? -value : value;
}

function normaliseDigits(digits: string, decimal: '.' | ','): string {
  const compact = digits.replace(/['’\u00a0\u202f]/g, '').replace(/ (?=\d{3}(\D|$))/g, '');
  const [lastPoint, lastComma] = [compact.lastIndexOf('.'), compact.lastIndexOf(',')];
  if (lastPoint >= 0 && lastComma >= 0) {
    const [group, point] = lastPoint > lastComma ? [/,/g, '.'] : [/\./g, ','];
    return compact.replace(group, '').replace(point, '.');
  }
  const separator = lastPoint >= 0 ? '.' : ',';
  const parts = compact.split(separator);
  if (parts.length === 1) return compact;
  const grouped = parts.slice(1).every((part) => part.length === 3) && parts[0] !== '0' && parts[0]!.length <= 3;
  if (parts.length > 2) return grouped ? parts.join('') : 'not a number';
  return grouped && separator !== decimal ? parts.join('') : parts.join('.');
}
