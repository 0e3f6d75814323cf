import { afterEach, describe, expect, it, vi } from 'vitest';
import { batchLines } from '../../src/cli/batch/batch-lines.js';
import { batchEndText, budgetText, statusText, troubleText } from '../../src/cli/batch/batch-text.js';
import { batchExitOf } from '../../src/cli/batch/batch-exit.js';
import { batchLineView } from '../../src/cli/batch/batch-line-view.js';
import { batchLiveView } from '../../src/cli/batch/batch-live-view.js';
import { batchLabel } from '../../src/cli/batch/batch-label.js';
import { createPace } from '../../src/cli/batch/progress.js';
import type { BatchStatus } from '../../src/jobs/batch.js';

const ENDED = { done: 0, done_with_gaps: 0, refused: 0, failed: 0, cancelled: 0, not_started: 0 };
const status = (change: Partial<BatchStatus> = {}): BatchStatus => ({
  schemaVersion: 1,
  batchId: 'b',
  drive: 0,
  stage: 'running',
  documents: 100,
  unusableRows: 0,
  started: 60,
  running: 10,
  ended: { ...ENDED, done: 45, failed: 5 },
  reused: 2,
  pages: 90,
  credits: 45.5,
  errors: { DocumentJobFailed: 4, DocumentJobLost: 1 },
  window: 20,
  startsPerSecond: 10,
  budget: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  segments: 1,
  slowest: [{ id: 'slow\u001b[31m.pdf', workflowId: 'w', since: '2026-01-01T00:00:10.000Z' }],
  ...change,
});
const now = Date.parse('2026-01-01T00:01:00.000Z');
const nothing = { perMinute: null, etaMs: null };
const batch = batchLabel('b', { state: '/a b' }, { label: 'list.csv', sandbox: false });

describe('createPace', () => {
  it('is the rate of the last minute, from 3 s on', () => {
    const pace = createPace();
    const ended = (done: number): BatchStatus => status({ ended: { ...ENDED, done } });
    expect(pace(ended(0), 0)).toEqual(nothing);
    expect(pace(ended(1), 1_000)).toEqual(nothing);
    expect(pace(ended(10), 10_000)).toEqual({ perMinute: 60, etaMs: 90_000 });
    for (let second = 20; second <= 80; second += 10) pace(ended(10), second * 1_000);
    expect(pace(ended(40), 90_000).perMinute).toBe(30);
  });

  it('promises no end while nothing is started', () => {
    const pace = createPace();
    pace(status({ stage: 'paused' }), 0);
    expect(pace(status({ stage: 'paused', ended: { ...ENDED, done: 60 } }), 60_000).etaMs).toBeNull();
  });
});

describe('batchLines', () => {
  const live = { headline: 'b', status: status(), pace: { perMinute: 50, etaMs: 60_000 }, trouble: ['paused'] };

  it('shows the counts, what was paid, what is wrong and what runs longest', () => {
    expect(batchLines(live, now, 200, false)).toEqual([
      'b',
      '  running for 1m · 50 of 100 ended (50 %) · 50 a minute · about 1m left',
      `  done                  45  ${'█'.repeat(16)}`,
      `  failed                 5  ${'█'.repeat(2)}`,
      `  running               10  ${'█'.repeat(4)}`,
      `  to come               40  ${'█'.repeat(14)}`,
      '  pages 90 · credits 45.5 · 2 reused · window 20 · 10 starts/s',
      '  errors: DocumentJobFailed 4 · DocumentJobLost 1',
      '  ! paused',
      '  running longest:',
      '         50s  slow\ufffd[31m.pdf',
    ]);
  });

  it('is never wider than the terminal, and nothing in it moves the cursor', () => {
    for (const line of batchLines(live, now, 40, false)) {
      expect(line.length).toBeLessThanOrEqual(40);
      expect(line).not.toMatch(/\u001b/);
    }
  });

  it('says that it plans before it knows how many there are', () => {
    expect(batchLines({ ...live, status: status({ documents: null }) }, now, 80, false)[1]).toContain('planning');
    expect(batchLines({ ...live, status: null, trouble: [] }, now, 80, false)).toEqual(['b']);
  });
});

describe('the texts', () => {
  it('say what to do when the batch waits for somebody', () => {
    expect(troubleText(status(), batch.command)).toBeNull();
    expect(troubleText(status({ stage: 'paused' }), batch.command)).toBe(
      "paused; go on with: docjobs batch resume b --state '/a b'",
    );
    const budget = { credits: 1_000, then: 'ask' as const };
    expect(troubleText(status({ stage: 'budget_reached', budget }), batch.command)).toContain(
      'the budget of 1,000 credits (then ask) is reached; go on with: docjobs batch budget b --max-credits N',
    );
    expect(budgetText({ pages: 5, then: 'stop' })).toBe('5 pages (then stop)');
  });

  it('say how it ended, with what was found done before', () => {
    const ended = status({ stage: 'ended', ended: { ...ENDED, done: 100 }, reused: 7 });
    expect(batchEndText('b', { kind: 'result', result: ended })).toBe(
      'b: ended: 100 done (7 of them were done before: nothing paid); pages 90 · credits 45.5',
    );
    expect(batchEndText('b', { kind: 'cancelled', status: null })).toBe('b: cancelled');
    expect(statusText(status(), nothing)).toBe('running: 50 of 100 ended (45 done, 5 failed), 10 running');
  });
});

it('the exit code says whether every document is done', () => {
  const all = status({ ended: { ...ENDED, done: 100 } });
  const failure = (type: string) => ({
    kind: 'failed' as const,
    failure: { type, message: '', details: {} },
    status: null,
  });
  expect(batchExitOf({ kind: 'result', result: all })).toBe(0);
  expect(batchExitOf({ kind: 'result', result: status() })).toBe(1);
  expect(batchExitOf({ kind: 'result', result: { ...all, unusableRows: 1 } })).toBe(1);
  expect(batchExitOf({ kind: 'cancelled', status: all })).toBe(3);
  expect(batchExitOf(failure('DocumentAccountRefused'))).toBe(4);
  expect(batchExitOf(failure('DocumentBatchManifestInvalid'))).toBe(2);
  expect(batchExitOf(failure('WorkflowTerminated'))).toBe(1);
});

describe('batchLineView', () => {
  it('prints changes only, each 5 s at most', () => {
    let [text, clock] = ['', 0];
    const view = batchLineView(
      batch,
      (part) => (text += part),
      () => clock,
    );
    view.started('no', null);
    for (let second = 0; second <= 12; second++) {
      clock = second * 1_000;
      view.update({ kind: 'status', status: status({ ended: { ...ENDED, done: second } }) });
    }
    clock = 30_000;
    view.update({ kind: 'status', status: status({ ended: { ...ENDED, done: 13 } }) });
    clock = 40_000;
    view.update({ kind: 'status', status: status({ ended: { ...ENDED, done: 13 } }) });
    expect(text.split('\n').filter((line) => line.startsWith('b: running'))).toHaveLength(4);
    expect(text).toMatch(/^list\.csv: started as b$/m);
  });

  it('says once that it waits', () => {
    let text = '';
    const view = batchLineView(batch, (part) => (text += part));
    for (let at = 0; at < 3; at++)
      view.update({ kind: 'status', status: status({ stage: 'paused', documents: 100 + at }) });
    expect(text.match(/paused; go on with/g)).toHaveLength(1);
  });
});

describe('batchLiveView', () => {
  afterEach(() => void vi.useRealTimers());

  it('draws over what it drew, and leaves what is final', () => {
    vi.useFakeTimers({ now });
    let screen = '';
    const view = batchLiveView(batch, { out: (text) => (screen += text), color: false, width: () => 80 });
    view.started('no', null);
    view.update({ kind: 'status', status: status() });
    screen = '';
    vi.advanceTimersByTime(500);
    expect(screen).toMatch(/^\u001b\[10A\u001b\[0J/);
    screen = '';
    view.ended({ kind: 'result', result: status({ stage: 'ended' }) }, ['written out.csv']);
    view.close();
    const final = screen.slice(screen.lastIndexOf('\u001b[0J'));
    expect(final).toContain('b: ended: 45 done, 5 failed');
    expect(final).toContain('written out.csv');
    const length = screen.length;
    vi.advanceTimersByTime(5_000);
    expect(screen.length).toBe(length);
  });
});
