import type { Check } from './check.js';

const SIGN: Readonly<Record<Check['status'], string>> = { ok: '✓', warning: '!', problem: '✗', skipped: '–' };

/** One line, and the remedy below. @param width of the longest name. */
export function checkText({ name, status, says, mend }: Check, width: number): string {
  const line = `${SIGN[status]} ${name.padEnd(width)}  ${says}\n`;
  return mend === undefined ? line : `${line}${' '.repeat(width + 4)}→ ${mend}\n`;
}

export function checkJson({ name, status, says, mend }: Check): string {
  return `${JSON.stringify({ event: 'check', name, status, says, ...(mend === undefined ? {} : { mend }) })}\n`;
}
