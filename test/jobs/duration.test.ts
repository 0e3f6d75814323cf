import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/jobs/duration.js';

describe('parseDuration', () => {
  it.each([
    [1500, 1500],
    ['8s', 8_000],
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['1 hour', 3_600_000],
    ['1.5 minutes', 90_000],
    ['250ms', 250],
    ['2 days', 172_800_000],
    ['90', 90],
    ['', null],
    ['soon', null],
    ['-5s', null],
    [-1, null],
    [NaN, null],
    ['5 parsecs', null],
    ['1h 30m', null],
    ['5 constructor', null],
  ])('%j → %j', (text, ms) => expect(parseDuration(text)).toBe(ms));
});

describe('formatDuration', () => {
  it.each([
    [400, '0.4s'],
    [9_960, '10.0s'],
    [45_000, '45s'],
    [90_000, '1m 30s'],
    [3_600_000, '1h'],
    [5_400_000, '1h 30m'],
  ])('%d → %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});
