import { describe, expect, it } from 'vitest';
import { pagesText, receiptText, resultText } from '../../src/cli/result-text.js';
import { jobReceipt, processResult, stored } from './fixtures.js';

describe('resultText', () => {
  it('shows each extracted leaf and the pages of each section', () => {
    const lines = resultText(processResult()).split('\n');
    expect(lines).toContain('  total  12.5');
    expect(lines).toContain('  lines  1 below');
    expect(lines).toContain('  terms    1–3, 7');
    expect(lines).toContain('  maps     not found');
  });

  it('shows a list of records as a table, and how much of a long one is left out', () => {
    const items = Array.from({ length: 14 }, (_, at) => ({ item: `pen ${at}`, ...(at === 1 ? { price: 2 } : {}) }));
    const text = resultText(
      processResult({ extract: { jobId: 'j', data: { items, tags: ['a'] }, stored: stored('e') } }),
    );
    const lines = text.split('\n');
    expect(lines).toContain('  tags[0]  a');
    expect(lines).toContain('  item    price');
    expect(lines).toContain('  pen 0   –');
    expect(lines).toContain('  pen 1   2');
    expect(lines).toContain('  … and 2 more');
  });

  it('says where a value is that was too large to travel', () => {
    const text = resultText(processResult({ extract: { jobId: 'job-2', stored: { ...stored('e'), size: 99_000 } } }));
    expect(text).toContain('99000 bytes, in the result store');
  });

  it('cuts long values, and keeps line breaks out of the table', () => {
    const data = { text: `a\nb${'x'.repeat(200)}` };
    const row = resultText(processResult({ extract: { jobId: 'j', data, stored: stored('e') } })).split('\n')[3] ?? '';
    expect(row).toMatch(/^ {2}text {3}a bx+…$/);
    expect(row.length).toBeLessThan(80);
  });
});

it.each([
  [[], 'not found'],
  [[4], '4'],
  [[1, 2, 3], '1–3'],
  [[1, 3, 4, 9], '1, 3–4, 9'],
])('the pages %j read as %s', (pages, text) => {
  expect(pagesText(pages)).toBe(text);
});

describe('receiptText', () => {
  it('counts jobs, submits, reads, events and actions', () => {
    const { receipt } = processResult();
    expect(receiptText(receipt, { events: 55, actions: 12 })).toContain(
      'Receipt: 2 jobs · 2 submits · 6 reads · 55 history events · 12 billable actions\n',
    );
    expect(receiptText(receipt, null)).toContain('Receipt: 2 jobs · 2 submits · 6 reads\n');
  });

  it('shows what was adopted and resubmitted, and unknown figures as such', () => {
    const job = jobReceipt({ adopted: true, resubmit: true, credits: null });
    const text = receiptText({ jobs: [job], pages: 8, credits: null, submits: 1, reads: 1 }, null);
    expect(text).toContain('completed, adopted, resubmitted');
    expect(text).toMatch(/8 +–\n$/);
  });
});
