import { expect, it } from 'vitest';
import { createLineReader, emptyTally, summaryLine } from '../../scripts/fidelity/check-lines.js';
import { createPageBudget } from '../../scripts/fidelity/page-budget.js';

it('counts and shows verdicts, collects notes, and answers what would be billed', () => {
  const tally = emptyTally();
  const budget = createPageBudget(3);
  const read = createLineReader(tally, budget);
  const lines: [string, object][] = [
    ['ok reducto GET /version api_version', { show: 'ok reducto GET /version api_version' }],
    ['spend 2 parse', { answer: 'ok' }],
    ['spend 2 extract', { answer: 'no' }],
    ['skip reducto POST /extract run: no', { show: 'skip reducto POST /extract run: no' }],
    ['used 2 3', {}],
    ['spend 1 split', { answer: 'no' }],
    ['note reducto R1 body of cancel: 200 {}', {}],
    ['FAIL pulse GET /job x: y', { show: 'FAIL pulse GET /job x: y' }],
    ['okay then', { show: 'okay then' }],
    ['', { show: '' }],
  ];
  for (const [line, reaction] of lines) expect(read(line), line).toEqual(reaction);
  expect(tally).toEqual({ passed: 1, failed: 1, skipped: 1, notes: ['reducto R1 body of cancel: 200 {}'] });
  expect(budget.spent).toBe(3);
  expect(summaryLine(tally)).toBe('1 passed, 1 failed, 1 skipped');
});
