import type { ProcessDocumentInput } from '../../src/jobs/process-document.js';
import { operationsOf, type Schedule } from './schedule.js';

/** Words of the document that nobody asks to extract. */
export const TEXT = 'zebra quilt ninety';
export const DOCUMENT = `Invoice number: INV-77\nTotal: $12.50\n\n${TEXT} is body text that nobody asked to extract.\n`;
/** What an extract finds in it. */
export const DATA = { invoice_number: 'INV-77', total: 12.5 };
export const SECTION = 'Totals';

const SCHEMA = { type: 'object', properties: { invoice_number: { type: 'string' }, total: { type: 'number' } } };
const SECTIONS = [{ name: SECTION, description: 'invoice number and total' }];

export function inputOf(schedule: Schedule, source: string): ProcessDocumentInput {
  const { window = '0s', ...options } = schedule.options;
  const asked = operationsOf(schedule);
  return {
    source,
    provider: schedule.vendor,
    ...(asked.includes('extract') && { schema: SCHEMA }),
    ...(asked.includes('split') && { sections: SECTIONS }),
    ...(schedule.asks === 'split, then extract each' && { extractPerSection: true }),
    // Long enough for a sleep before the first look.
    polling: { expected: '10m', window, cancelSettle: '5s' },
    ...options,
  };
}
