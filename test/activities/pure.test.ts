import { describe, expect, it } from 'vitest';
import { createExpectedDurations, decayedMedian } from '../../src/activities/expected-durations.js';
import { submitMarker } from '../../src/activities/marker.js';
import { pollGap } from '../../src/activities/poll-gap.js';
import { createSettledMarkers } from '../../src/activities/settled-markers.js';

describe('pollGap', () => {
  const calm = { troubles: 0, jitter: 0.5 };

  it.each([
    [0, 1_000],
    [10_000, 1_000],
    [60_000, 3_000],
    [200_000, 10_000],
    [3_600_000, 15_000],
  ])('after %d ms waits %d ms', (elapsedMs, gap) => {
    expect(pollGap({ elapsedMs, ...calm })).toBe(gap);
  });

  it.each([
    [1, 2_000],
    [2, 4_000],
    [5, 32_000],
    [6, 60_000],
    [50, 60_000],
  ])('after %d failed reads in a row waits %d ms', (troubles, gap) => {
    expect(pollGap({ elapsedMs: 0, troubles, jitter: 0.5 })).toBe(gap);
  });

  it('never reads before the vendor wants to be read, and not sooner than it would anyway', () => {
    expect(pollGap({ elapsedMs: 0, troubles: 1, retryAfterMs: 90_000, jitter: 0 })).toBe(90_000);
    expect(pollGap({ elapsedMs: 600_000, troubles: 1, retryAfterMs: 10, jitter: 0.5 })).toBe(15_000);
  });

  it('spreads by a tenth', () => {
    expect(pollGap({ elapsedMs: 60_000, troubles: 0, jitter: 0 })).toBe(2_700);
    expect(pollGap({ elapsedMs: 60_000, troubles: 0, jitter: 0.999 })).toBeLessThanOrEqual(3_300);
  });
});

describe('decayedMedian', () => {
  it.each([
    [[], null],
    [[5], 5],
    [[1, 2, 3], 2],
    [[60, 60, 60, 60, 10, 10, 10, 10, 10, 10], 60],
    [[10, 10, 10, 5_000_000, 10, 10], 10],
  ])('of %j is %s', (newestFirst, median) => {
    expect(decayedMedian(newestFirst)).toBe(median);
  });
});

describe('expected durations', () => {
  it('are learned per provider, operation and size', () => {
    const table = createExpectedDurations();
    table.observe('fake', 'parse', 10, 30_000);
    expect(table.expect('fake', 'parse', 10)).toBe(30_000);
    expect(table.expect('fake', 'parse', 15)).toBe(30_000);
    expect(table.expect('fake', 'parse', 16)).toBeNull();
    expect(table.expect('fake', 'split', 10)).toBeNull();
    expect(table.expect('other', 'parse', 10)).toBeNull();
  });

  it('serve a submit that does not know the size', () => {
    const table = createExpectedDurations();
    table.observe('fake', 'parse', 10, 30_000);
    expect(table.expect('fake', 'parse', null)).toBe(30_000);
  });

  it('follow a vendor that got slower within a handful of jobs', () => {
    const table = createExpectedDurations();
    for (let i = 0; i < 100; i++) table.observe('fake', 'parse', 1, 10_000);
    for (let i = 0; i < 6; i++) table.observe('fake', 'parse', 1, 50_000);
    expect(table.expect('fake', 'parse', 1)).toBe(50_000);
  });

  it('learn nothing from nonsense', () => {
    const table = createExpectedDurations();
    for (const ms of [0, -5, NaN, Infinity]) table.observe('fake', 'parse', 1, ms);
    expect(table.expect('fake', 'parse', 1)).toBeNull();
  });
});

describe('submitMarker', () => {
  const origin = { namespace: 'default', workflowId: 'wf' };
  const parts = { firstExecutionRunId: 'run', origin: 'https://x/a.pdf', ordinal: 0, resubmit: 0 };
  const request = { operation: 'parse' as const, input: 'reducto://upload-1' };

  it('is the same for the same submit, and short', () => {
    expect(submitMarker(origin, parts, request)).toBe(
      submitMarker({ ...origin }, { ...parts }, { ...request, input: 'reducto://upload-2' }),
    );
    expect(submitMarker(origin, parts, request)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('differs in every part', () => {
    const markers = [
      submitMarker(origin, parts, request),
      submitMarker({ ...origin, namespace: 'other' }, parts, request),
      submitMarker({ ...origin, workflowId: 'wf2' }, parts, request),
      submitMarker({ namespace: 'default' }, parts, request),
      submitMarker(origin, { ...parts, firstExecutionRunId: 'run2' }, request),
      submitMarker(origin, { ...parts, ordinal: 1 }, request),
      submitMarker(origin, { ...parts, resubmit: 1 }, request),
      submitMarker(origin, { ...parts, origin: 'https://x/b.pdf' }, request),
      submitMarker(origin, parts, { ...request, pages: [1] }),
    ];
    expect(new Set(markers).size).toBe(markers.length);
  });
});

it('settled markers are forgotten once taken, and the oldest when there are too many', () => {
  const settled = createSettledMarkers();
  settled.add('a');
  expect(settled.take('a')).toBe(true);
  expect(settled.take('a')).toBe(false);
  settled.add('old');
  for (let i = 0; i < 10_000; i++) settled.add(`m${i}`);
  expect(settled.take('old')).toBe(false);
  expect(settled.take('m9999')).toBe(true);
});
