import { describe, expect, it } from 'vitest';
import { type ConformanceRow, createReport } from '../../src/testing/conformance/report.js';

const row = (over: Partial<ConformanceRow> = {}): ConformanceRow => ({
  operation: 'parse',
  situation: 'happy',
  expected: 'completed, 1 job',
  got: 'completed, 1 job',
  ms: 120.4,
  requests: 6,
  ok: true,
  ...over,
});

describe('the report', () => {
  const rows = [
    row(),
    row({ situation: 'cancel-wins', expected: 'cancelled, 1 job', got: '1 job left running at the vendor', ok: false }),
    row({ situation: 'single-read', got: 'not shown: there is none', ms: 0, requests: 0, ok: null }),
  ];

  it('prints a table whose last line counts', () => {
    expect(createReport('toy', rows).table()).toBe(
      [
        '        operation  situation    what came                         requests   ms',
        'ok      parse      happy        completed, 1 job                         6  120',
        'FAILED  parse      cancel-wins  1 job left running at the vendor         6  120',
        '        expected: cancelled, 1 job',
        '-       parse      single-read  not shown: there is none',
        '',
        'toy does not conform: 1 ok, 1 failed, 1 not shown, 0.2 s',
      ].join('\n'),
    );
  });

  it('is ok when no row failed; what was not shown is no pass and no failure', () => {
    const [good = row(), bad = row(), unshown = row()] = rows;
    expect(createReport('toy', [good, unshown]).ok).toBe(true);
    expect(createReport('toy', [good, unshown]).table()).toContain('toy conforms: 1 ok, 0 failed, 1 not shown');
    expect(createReport('toy', [good, bad]).ok).toBe(false);
  });
});
