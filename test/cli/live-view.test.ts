import { describe, expect, it } from 'vitest';
import { type LiveDocument, liveLines, liveView } from '../../src/cli/live-view.js';
import { processResult, statusLine } from './fixtures.js';

const document = { workflowId: 'w', label: 'a.pdf', sandbox: false };
const now = Date.parse('2026-01-01T00:00:08.000Z');
const live = (change: Partial<LiveDocument> = {}): LiveDocument => ({
  document,
  headline: 'a.pdf: started as w',
  jobs: [statusLine()],
  end: null,
  ...change,
});

describe('liveLines', () => {
  it('shows the stages of a job', () => {
    const jobs = [
      statusLine({ jobId: null, stage: 'submitting', vendorStatus: null, submittedAt: null }),
      statusLine({ stage: 'waiting', nextReadAt: '2026-01-01T00:00:10.000Z', progress: 0.4 }),
      statusLine({ operation: 'extract', section: 'terms', stage: 'polling' }),
      statusLine({ stage: 'ended', outcome: 'completed', vendorStatus: 'Completed' }),
      statusLine({ stage: 'ended', outcome: 'failed', vendorStatus: 'Failed' }),
    ];
    expect(liveLines(live({ jobs }), now, 200, false)).toEqual([
      'a.pdf: started as w',
      '  … parse      submitting',
      '  … parse      waiting     8.0s · vendor: InProgress · progress 0.4 · next look in 2.0s · job-1',
      '  … extract (terms) waiting     8.0s · vendor: InProgress · asking the vendor · job-1',
      '  ✓ parse      completed   vendor: Completed · job-1',
      '  ✗ parse      failed      vendor: Failed · job-1',
    ]);
  });

  it('is never wider than the terminal, colours not counted', () => {
    const jobs = [statusLine({ outcome: 'completed', jobId: 'x'.repeat(100) })];
    for (const line of liveLines(live({ jobs }), now, 40, false)) expect(line.length).toBeLessThanOrEqual(40);
    expect(liveLines(live({ jobs }), now, 40, true)[1]).toMatch(/^\u001b\[32m.{39}…\u001b\[0m$/);
  });
});

describe('liveView', () => {
  it('draws over what it drew, and leaves what is final', () => {
    let screen = '';
    const view = liveView({ out: (text) => (screen += text), color: false, width: () => 80 });
    view.started(document, { workflowId: 'w', existing: 'no' });
    view.update(document, { kind: 'status', status: { jobs: [statusLine()], receipt: processResult().receipt } });
    expect(screen).toContain('\u001b[1A\u001b[0J');
    screen = '';
    view.update(document, { kind: 'result', result: processResult() });
    view.ended(document, { cost: { events: 60, actions: 14 }, files: ['out/a.parse.json'] });
    view.close();
    const final = screen.slice(screen.lastIndexOf('\u001b[0J'));
    expect(final).toContain('a.pdf: done\n  ✓ parse      completed   vendor: Completed · job-1');
    expect(final).toContain('60 history events');
    expect(final).toContain('written out/a.parse.json');
  });
});
