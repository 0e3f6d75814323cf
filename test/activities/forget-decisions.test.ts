import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { leftoverOf, troubleOf } from '../../src/activities/forget/finding.js';
import { historyPlaces, notesOn, unknownJobs } from '../../src/activities/forget/history-places.js';
import { Tries } from '../../src/activities/forget/tries.js';
import { exitOfForget, forgetText, plannedText } from '../../src/cli/forget-text.js';
import { type ForgetReport, type ForgottenPlace, isForgotten } from '../../src/jobs/forget.js';
import type { VendorErrorKind } from '../../src/providers/vendor-error.js';
import { ResultStoreError } from '../../src/results/result-store.js';
import { claimKey, resultKey } from '../../src/results/result-key.js';
import { storedKeys } from '../../src/results/stored-keys.js';
import { memoryStore } from '../../src/results/index.js';
import { vendorError } from '../support/fake-provider.js';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const HOUR = 3_600_000;

describe('what a vendor keeps that it can’t delete', () => {
  const how = 'ask the vendor';
  it.each([
    ['has no date where the vendor names no time', null, NOW, 'cannot', undefined],
    ['has no date where nobody knows when the job ended', HOUR, null, 'cannot', undefined],
    ['has no date where it is kept for ever', Infinity, NOW, 'cannot', undefined],
    ['goes when its time is over', HOUR, NOW, 'expires', '2026-11-24T11:00:00.000Z'],
    ['should be gone and is not: the time that was named is not true', HOUR, NOW - HOUR, 'cannot', undefined],
  ])('%s', (_what, afterMs, endedAt, state, at) => {
    expect(leftoverOf({ afterMs, how }, endedAt, NOW)).toEqual({ state, how, ...(at && { at }) });
  });

  it('is the vendor’s matter where the provider says nothing', () => {
    expect(leftoverOf(undefined, NOW, NOW)).toMatchObject({
      state: 'cannot',
      how: expect.stringContaining('ask') as string,
    });
  });
});

describe('an error on the way', () => {
  it.each([
    ['unreachable', true],
    ['rate_limited', true],
    ['server', true],
    ['invalid_reply', true],
    ['auth', false],
    ['rejected', false],
    ['reference_expired', false],
    ['consumed', false],
    ['ambiguous', false],
  ] satisfies [VendorErrorKind, boolean][])('of kind %s is tried again: %s', (kind, again) => {
    expect(troubleOf(vendorError(kind)).again).toBe(again);
  });

  it('of a vendor keeps its wait, or its status and words', () => {
    expect(troubleOf(vendorError('rate_limited', { retryAfterMs: 7 }))).toMatchObject({ again: true, retryAfterMs: 7 });
    expect(troubleOf(vendorError('auth', { httpStatus: 403 }))).toEqual({
      again: false,
      finding: { state: 'refused', httpStatus: 403, how: 'POST /fake: auth happened' },
    });
  });

  it('of the store or an account is final when it says so, and of nobody known never is', () => {
    expect(troubleOf(new ResultStoreError('read-only', false))).toMatchObject({ again: false });
    expect(troubleOf(new ResultStoreError('flaky', true))).toMatchObject({ again: true });
    expect(troubleOf(ApplicationFailure.nonRetryable('no such account'))).toMatchObject({ again: false });
    expect(troubleOf(ApplicationFailure.retryable('later'))).toMatchObject({ again: true });
    // Words of others may hold anything.
    expect(troubleOf(new Error('https://x/?sig=1'))).toEqual({ again: true, reason: 'Error' });
  });
});

describe('the histories', () => {
  const runs = [
    { runId: 'r2', startedAt: '2026-11-24T09:00:00.000Z', closedAt: '2026-11-24T10:00:00.000Z' },
    { runId: 'r1', startedAt: '2026-11-24T08:00:00.000Z', closedAt: '2026-11-24T09:00:00.000Z' },
  ];

  it('each go when the retention is over, or by a command that a shell takes', () => {
    const rows = historyPlaces({ workflowId: "it's mine", runs }, { namespace: 'n s', retentionMs: 24 * HOUR });
    expect(rows).toEqual([
      {
        place: 'history',
        id: 'r2',
        state: 'expires',
        at: '2026-11-25T10:00:00.000Z',
        how: `temporal workflow delete --workflow-id 'it'\\''s mine' --run-id r2 --namespace 'n s'`,
      },
      expect.objectContaining({ id: 'r1', at: '2026-11-25T09:00:00.000Z' }),
    ]);
    expect(historyPlaces({ workflowId: 'w', runs }, { namespace: 'n', retentionMs: null })[0]).toMatchObject({
      state: 'cannot',
      how: 'temporal workflow delete --workflow-id w --run-id r2 --namespace n',
    });
  });

  it('leave notes on what the report can’t see', () => {
    expect(notesOn({ unended: 0, children: [], runs: [] })).toEqual([]);
    const children = Array.from({ length: 22 }, (_, index) => `c${index}`);
    const notes = notesOn({ unended: 2, children, runs });
    expect(notes.join('\n')).toMatch(/2 activities.*\n.*c0, c1, .* and 2 more\n.*2 runs/s);
    expect(unknownJobs({ workflowId: 'w', unknownSubmits: 0 })).toEqual([]);
    expect(unknownJobs({ workflowId: 'w', unknownSubmits: 3 })).toMatchObject([
      { place: 'unknown_job', id: 'w', state: 'cannot', how: expect.stringContaining('3 submits') as string },
    ]);
  });
});

describe('the places', () => {
  const row = { place: 'result', id: 'k' } as const;
  const noSignal = new AbortController().signal;
  const about = { provider: '', account: '', operation: 'forget' } as const;

  it('remember what an earlier attempt has erased', async () => {
    const erased: ForgottenPlace = { ...row, state: 'erased', at: 'then' };
    const seen: ForgottenPlace[] = [];
    const tries = new Tries([erased], noSignal, (place) => seen.push(place));
    await tries.run(row, async () => ({ state: 'absent' }));
    await tries.run({ ...row, id: 'other' }, async () => ({ state: 'absent' }));
    await tries.run({ ...row, id: 'mine' }, async () => ({ state: 'erased', at: 'now' }));
    expect(tries.places).toMatchObject([{ state: 'erased', at: 'then' }, { state: 'absent' }, { state: 'erased' }]);
    expect(seen).toMatchObject([{ id: 'mine' }]);
    expect(() => tries.throwTrouble(about, 60_000)).not.toThrow();
  });

  it('are all tried, and trouble is told of once', async () => {
    const tries = new Tries([], noSignal, () => undefined);
    await tries.run(row, () => Promise.reject(vendorError('rate_limited', { retryAfterMs: 5_000 })));
    await tries.run(row, () => Promise.reject(vendorError('auth')));
    await tries.run(row, async () => ({ state: 'absent' }));
    expect(tries.places.map(({ state }) => state)).toEqual(['unreachable', 'refused', 'absent']);
    expect(isForgotten(tries.places)).toBe(false);
    const thrown = catchOf(() => tries.throwTrouble(about, 60_000));
    expect(thrown).toMatchObject({ nonRetryable: false, nextRetryDelay: 5_000 });
    expect((thrown as Error).message).toContain('1 of 3 places');
  });

  it('are left alone when the attempt is cancelled', async () => {
    const abort = new AbortController();
    const tries = new Tries([], abort.signal, () => undefined);
    abort.abort(new Error('cancelled'));
    await expect(tries.run(row, async () => ({ state: 'erased' }))).rejects.toThrow('cancelled');
    expect(tries.places).toEqual([]);
  });

  it('of a job in the store are its result and, after it, its claim', async () => {
    const job = { provider: 'p', account: 'a', operation: 'parse', jobId: 'j' } as const;
    expect((await storedKeys(job, memoryStore())).slice(-2)).toEqual([
      { kind: 'result', key: resultKey(job) },
      { kind: 'claim', key: claimKey(job) },
    ]);
    expect([resultKey(job), claimKey(job)]).toEqual(['p/a/parse/j.json', 'p/a/parse/j.claim.json']);
  });
});

describe('what a shell sees', () => {
  const report = (places: ForgottenPlace[], complete = true): ForgetReport => ({
    schemaVersion: 1,
    workflowId: 'w',
    at: 'now',
    complete,
    places,
    notes: ['look elsewhere'],
  });

  it.each([
    [[], 0],
    [[{ state: 'erased' }, { state: 'absent' }, { state: 'expires' }, { state: 'cannot' }], 0],
    [[{ state: 'erased' }, { state: 'refused' }], 1],
    [[{ state: 'refused' }, { state: 'unreachable' }], 4],
    [[{ state: 'refused', httpStatus: 401 }], 4],
  ] as const)('%j ends with %i', (rows, code) => {
    expect(exitOfForget({ places: rows.map((one) => ({ place: 'vendor_job', id: 'j', ...one })) })).toBe(code);
  });

  it('is a row for each place but claims that never were, and what is left to do', () => {
    const text = forgetText(
      report(
        [
          { place: 'vendor_job', id: 'j1', provider: 'x', state: 'cannot', how: 'ask x' },
          { place: 'claim', id: 'c1', state: 'absent' },
          { place: 'history', id: 'r1', state: 'expires', at: 'tomorrow', how: 'temporal …' },
        ],
        false,
      ),
    );
    expect(text).toMatch(/job at the vendor +x +j1 +cannot\n/);
    expect(text).toContain('expires by tomorrow');
    expect(text).toContain('vendor_job j1: ask x\n');
    expect(text).toContain('note: look elsewhere\n');
    expect(text).toContain('forget it again');
    expect(text).not.toContain('c1');
    expect(forgetText(report([]))).toBe('Nothing to erase.\nnote: look elsewhere\n');
  });

  it('is told before what will be erased', () => {
    const upload = { provider: 'x', account: 'x', source: 's', sha256: null };
    const text = plannedText({
      workflowId: 'w',
      runs: [{ runId: 'r', startedAt: '', closedAt: '' }],
      jobs: [
        {
          job: { provider: 'x', account: 'x', operation: 'parse', jobId: 'j1' },
          ...{ request: null, origin: null, model: null, submittedAt: null, endedAt: null },
          ...{ outcome: null, usage: null, stored: null },
        },
      ],
      uploads: [
        { ...upload, reference: 'up://1', uploaded: true },
        { ...upload, reference: 'https://x', uploaded: false },
      ],
      unknownSubmits: 0,
      unended: 0,
      children: [],
    });
    expect(text).toContain('w: 1 job and 1 upload of 1 run\n');
    expect(text).toMatch(/x upload +up:\/\/1\n/);
    expect(text).not.toContain('https://x');
  });
});

function catchOf(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
