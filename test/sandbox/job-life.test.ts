import { describe, expect, it } from 'vitest';
import { jobAt, type JobFacts } from '../../src/sandbox/job-life.js';

const facts: JobFacts = {
  acceptedAt: 1_000,
  durationMs: 100_000,
  failure: null,
  stuck: false,
  word: null,
  ended: null,
};
const failure = { code: 500, name: 'PROCESSING_FAILED', message: 'broken' };

describe('jobAt', () => {
  it.each([
    ['just accepted', {}, 0, 'Pending'],
    ['soon after', {}, 9_999, 'Pending'],
    ['being worked on', {}, 10_000, 'InProgress'],
    ['nearly done', {}, 95_000, 'Completing'],
    ['done', {}, 100_000, 'Completed'],
    ['long done', {}, 1e9, 'Completed'],
    ['read before it was accepted', {}, -5, 'Pending'],
    ['document not read yet', { durationMs: null }, 1e9, 'Pending'],
    ['no duration', { durationMs: 0 }, 0, 'Completed'],
    ['failing, still at it', { failure }, 99_999, 'Completing'],
    ['failing', { failure }, 100_000, 'Failed'],
    ['stuck', { stuck: true }, 1e12, 'InProgress'],
    ['cancelled', { ended: { state: 'Cancelled', at: 5_000 } }, 1e9, 'Cancelled'],
    ['stuck and cancelled', { stuck: true, ended: { state: 'Cancelled', at: 5_000 } }, 1e9, 'Cancelled'],
    ['word after its end', { word: { statusWord: 'Idle', forMs: 200_000 } }, 200_000, 'Completed'],
  ] as const)('%s', (_name, over, elapsed, state) => {
    expect(jobAt({ ...facts, ...over }, 1_000 + elapsed)).toMatchObject({ state, word: null });
  });

  it('reports a word instead of its own, and does not end meanwhile', () => {
    const word = { statusWord: 'Idle', forMs: 200_000 };
    expect(jobAt({ ...facts, word }, 1_000 + 150_000)).toMatchObject({ word: 'Idle', endedAt: null });
    expect(jobAt({ ...facts, word }, 1_000 + 200_000)).toMatchObject({ word: null, endedAt: 201_000 });
  });

  it('ends when its time is over, not when it is read', () => {
    expect(jobAt(facts, 5_000_000).endedAt).toBe(101_000);
    expect(jobAt({ ...facts, failure }, 5_000_000)).toMatchObject({ endedAt: 101_000, error: failure });
  });

  it('progress grows and stays below 1 until the end', () => {
    const progress = [0, 20_000, 50_000, 99_999].map((elapsed) => jobAt(facts, 1_000 + elapsed).progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(Math.max(...progress)).toBeLessThan(1);
    expect(jobAt(facts, 101_000).progress).toBe(1);
  });
});
