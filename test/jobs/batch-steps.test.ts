import { describe, expect, it } from 'vitest';
import { batchMarkdown } from '../../src/jobs/batch-markdown.js';
import { allowedStarts, refilled, untilNextStart } from '../../src/jobs/batch-pace.js';
import { marked, rateOf } from '../../src/jobs/batch-rate.js';
import { publicSource, takeOff } from '../../src/jobs/batch-row.js';
import { newBatchState } from '../../src/jobs/batch-state.js';
import { batchStatus } from '../../src/jobs/batch-status.js';
import {
  budgetVerdict,
  flushWait,
  isRunFull,
  MAX_UNWRITTEN_ROWS,
  ROW_PATIENCE_MS,
  stageOf,
  startCount,
} from '../../src/jobs/batch-steps.js';
import { countEnd, endedOf } from '../../src/jobs/batch-tally.js';
import type { BatchBudget, BatchDocumentEnd, ProcessBatchInput } from '../../src/jobs/batch.js';

const input: ProcessBatchInput = { manifest: { kind: 'folder', path: 'in' } };
const end = (over: Partial<BatchDocumentEnd> = {}): BatchDocumentEnd => ({
  state: 'done',
  jobs: [],
  pages: 2,
  credits: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:01:00.000Z',
  ...over,
});

describe('how many to start', () => {
  const facts = { window: 10, inFlight: 4, allowed: 20, ready: 50, unwrittenRows: 0 };
  it.each([
    [{}, 6],
    [{ allowed: 3 }, 3],
    [{ ready: 2 }, 2],
    [{ inFlight: 10 }, 0],
    [{ inFlight: 12 }, 0],
    [{ allowed: 0 }, 0],
    [{ unwrittenRows: MAX_UNWRITTEN_ROWS - 1 }, 6],
    [{ unwrittenRows: MAX_UNWRITTEN_ROWS }, 0],
  ])('%j → %i', (over, count) => {
    expect(startCount({ ...facts, ...over })).toBe(count);
  });
});

describe('the pace', () => {
  it.each([
    [0, 20, 500, 10],
    [0, 20, 60_000, 20],
    [0, 0.5, 1_000, 0],
    [0, 0.5, 2_000, 1],
    [0, 0.5, 60_000, 1],
    [5, 20, -1_000, 5],
  ])('%d tokens at %d a second after %d ms allow %i', (tokens, rate, ms, count) => {
    expect(allowedStarts(refilled({ tokens, at: 1_000_000 }, rate, 1_000_000 + ms))).toBe(count);
  });

  it('never allows more than the rate over any length of time', () => {
    let pace = { tokens: 0, at: 0 };
    let started = 0;
    for (let now = 0; now <= 100_000; now += 333) {
      pace = refilled(pace, 7, now);
      const count = allowedStarts(pace);
      pace = { ...pace, tokens: pace.tokens - count };
      started += count;
      expect(started).toBeLessThanOrEqual((now / 1_000) * 7 + 1e-3);
    }
    expect(started).toBeGreaterThan(690);
  });

  it.each([
    [0, 20, 1_000],
    [0.5, 0.25, 2_000],
    [0, 0.1, 10_000],
  ])('with %d tokens at %d a second is asked again after %i ms', (tokens, rate, ms) => {
    expect(untilNextStart({ tokens, at: 0 }, rate)).toBe(ms);
  });
});

describe('when rows are written', () => {
  const facts = { rows: 1, writing: false, nowMs: 100_000, lastMs: -Infinity, finishing: false, again: false };
  it.each([
    ['the first one at once', {}, 0],
    ['none', { rows: 0 }, null],
    ['not while a segment is on its way', { rows: 500, writing: true, finishing: true }, null],
    ['together when the last segment is fresh', { lastMs: 95_000 }, ROW_PATIENCE_MS],
    ['with whatever wakes the batch later', { lastMs: 85_000 }, 0],
    ['when there are enough', { rows: 100, lastMs: 99_999 }, 0],
    ['the last segment in any case, though it be empty', { rows: 0, lastMs: 99_999, finishing: true }, 0],
    ['one that failed again', { lastMs: 99_999, again: true }, 0],
  ])('%s', (_what, over, wait) => {
    expect(flushWait({ ...facts, ...over })).toBe(wait);
  });
});

describe('when a new run goes on', () => {
  const facts = { events: 100, bytes: 1_000, own: Infinity, limit: 10_000 };
  it.each([
    [{}, false],
    [{ events: 10_001 }, true],
    [{ bytes: 9_000_000 }, true],
    [{ own: 51 }, false],
    [{ own: 50 }, true],
  ])('%j → %s', (over, full) => {
    expect(isRunFull({ ...facts, ...over })).toBe(full);
  });
});

describe('the budget', () => {
  const spent = { credits: 10, pages: 100 };
  it.each<[BatchBudget | null, string]>([
    [null, 'within'],
    [{ credits: 10.5 }, 'within'],
    [{ credits: 10 }, 'ask'],
    [{ pages: 100, then: 'stop' }, 'stop'],
    [{ credits: 11, pages: 99 }, 'ask'],
  ])('%j → %s', (budget, verdict) => {
    expect(budgetVerdict(budget, { ...newBatchState(input, 0).tally, ...spent })).toBe(verdict);
  });

  it('of what no vendor told is not reached', () => {
    expect(budgetVerdict({ credits: 1 }, newBatchState(input, 0).tally)).toBe('within');
  });
});

describe('the stage', () => {
  const facts = { ended: false, planned: true, stopping: false, budget: 'within', paused: false, more: true } as const;
  it.each([
    [{}, 'running'],
    [{ planned: false, more: false }, 'planning'],
    [{ paused: true }, 'paused'],
    [{ paused: true, budget: 'ask' as const }, 'budget_reached'],
    [{ paused: true, more: false }, 'running'],
    [{ stopping: true, planned: false }, 'cancelling'],
    [{ stopping: true, ended: true }, 'ended'],
  ])('%j → %s', (over, stage) => {
    expect(stageOf({ ...facts, ...over })).toBe(stage);
  });
});

describe('the figures', () => {
  it('count each end once, and cost nothing for what was done before', () => {
    const { tally } = newBatchState(input, 0);
    countEnd(tally, end(), false);
    countEnd(tally, end({ credits: 1.5 }), false);
    countEnd(tally, end({ credits: 9 }), true);
    countEnd(tally, end({ state: 'failed', error: { type: 'DocumentJobLost', reason: 'r' }, pages: null }), false);
    expect(tally).toMatchObject({ ended: { done: 3, failed: 1 }, reused: 1, pages: 4, credits: 1.5 });
    expect(tally.errors).toEqual({ DocumentJobLost: 1 });
    expect(endedOf(tally)).toBe(4);
  });

  it('name 50 kinds of failure at most', () => {
    const { tally } = newBatchState(input, 0);
    for (let n = 0; n < 80; n++) countEnd(tally, end({ state: 'failed', error: { type: `T${n}`, reason: '' } }), false);
    expect(Object.keys(tally.errors)).toHaveLength(51);
    expect(tally.errors.other).toBe(30);
  });

  it('give the rate of the last ten minutes', () => {
    let marks: [number, number][] = [];
    for (let second = 0; second <= 1_200; second++) marks = marked(marks, second * 1_000, second * 3);
    expect(marks).toHaveLength(10);
    expect(rateOf(marks, 1_200_000, 3_600)).toBeCloseTo(3);
    expect(rateOf([], 5, 5)).toBe(0);
  });
});

describe('what is shown', () => {
  it.each([
    ['https://user:secret@h.test/a/b.pdf?X-Amz-Signature=abc#p', 'https://h.test/a/b.pdf'],
    ['in/a.pdf', 'in/a.pdf'],
    ['s3://bucket/key?versionId=1', 's3://bucket/key'],
    [`https://h.test/${'x'.repeat(300)}`, `https://h.test/${'x'.repeat(184)}…`],
  ])('of the source %s', (source, shown) => {
    expect(publicSource(source)).toBe(shown);
  });

  it('of a document does not repeat its id', () => {
    const document = { index: 0, id: 'in/a.pdf', source: 'in/a.pdf', workflowId: 'w' };
    expect(takeOff(document, 5)).toEqual({ index: 0, id: 'in/a.pdf', workflowId: 'w', since: 5 });
  });

  it('of the batch: bar, states, rate, failures, the slowest', () => {
    const state = newBatchState(input, 0);
    state.plan = { drive: 0, documents: 4, planPages: 1, unusableRows: 1, segments: 1 };
    state.tally.started = 3;
    countEnd(state.tally, end(), false);
    countEnd(state.tally, end({ state: 'refused', error: { type: 'Document|Odd', reason: '' } }), false);
    const oldest = [{ index: 2, id: 'a|b', workflowId: 'w', since: 60_000 }];
    const facts = { batchId: 'b', stage: 'running' as const, running: 1, oldest, endedAt: null, trouble: 'the record' };
    const shown = batchMarkdown(batchStatus(state, facts), 0.5, 120_000);
    expect(shown).toContain(`**running** \`${'█'.repeat(15)}${'░'.repeat(15)}\` 2 of 4`);
    for (const word of [
      'running 1 of 200',
      'refused 1',
      '0.5 a second, 4.0s to go',
      '4 pages',
      '**Trouble**: the record',
    ]) {
      expect(shown).toContain(word);
    }
    expect(shown).toContain('Document\\|Odd | 1');
    expect(shown).toContain('a\\|b | w | 1m');
    expect(batchStatus(state, { ...facts, stage: 'ended' }).ended.not_started).toBe(1);
  });
});
