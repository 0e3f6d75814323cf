import type { Conventions } from './conventions.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Reads `2024-03-12`, `12.03.2024`, `3/12/2024`, `12 March 2024`, `Mar 12, 2024`, `12-Mar-24`, with a weekday or time around it.
 * @returns `YYYY-MM-DD`, or null.
 */
export function readDate(
  text: string,
  { dayFirst }: Pick<Conventions, 'dayFirst'> = { dayFirst: false },
): string | null {
  const clean = text.trim().replace(/^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\.?,?\s+/i, '');
  let match = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s].*)?$/.exec(clean);
  if (match) return iso(match[1]!, match[2]!, match[3]!);
  match = /^(\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?:of\s+)?([a-z]{3,9})\.?,?[\s.-]+(\d{4}|\d{2})\b/i.exec(clean);
  if (match) return iso(match[3]!, monthNumber(match[2]!), match[1]!);
  match = /^([a-z]{3,9})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(\d{4}|\d{2})\b/i.exec(clean);
  if (match) return iso(match[3]!, monthNumber(match[1]!), match[2]!);
  match = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:\s.*)?$/.exec(clean);
  if (!match) return null;
  const [first, second] = [match[1]!, match[3]!];
  const dayIsFirst = Number(first) > 12 || (Number(second) <= 12 && (match[2] === '.' || dayFirst));
  return dayIsFirst ? iso(match[4]!, second, first) : iso(match[4]!, first, second);
}

function monthNumber(name: string): string {
  return String(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1);
}

function iso(year: string, month: string, day: string): string | null {
  const full = year.length === 2 ? 2000 + Number(year) : Number(year);
  const date = new Date(Date.UTC(full, Number(month) - 1, Number(day)));
  const valid = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return valid ? date.toISOString().slice(0, 10) : null;
}
