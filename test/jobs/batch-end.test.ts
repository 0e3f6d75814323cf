import { describe, expect, it } from 'vitest';
import { clipped, endOfFailure, endOfResult, fitted, isRefusal, sizeOf } from '../../src/jobs/batch-end.js';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import { jobReceipt, sumReceipt } from '../../src/jobs/receipt.js';
import type { JobReceipt, Operation } from '../../src/jobs/types.js';

const times = { startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:01:00.000Z' };
const stored = {
  key: `documents/${'k'.repeat(60)}.json`,
  size: 9,
  sha256: 'a'.repeat(64),
  contentType: 'application/json',
};
const parsed = { jobId: 'p1', reference: 'jobid://p1', pageCount: 3, stored };

function receipt(operation: Operation, over: Partial<JobReceipt> = {}): JobReceipt {
  const { submittedAt } = { submittedAt: times.startedAt };
  return jobReceipt(
    { operation, jobId: `${operation}-1`, outcome: 'completed', submits: 1, submittedAt, stored, ...over },
    0,
  );
}

function result(jobs: JobReceipt[], failures: ProcessDocumentResult['failures'] = []): ProcessDocumentResult {
  const status = failures.length === 0 ? 'complete' : 'partial';
  return { schemaVersion: 1, provider: 'v', account: 'a', status, parsed, failures, receipt: sumReceipt(jobs) };
}

describe('the end of a document', () => {
  it('that is complete names its jobs and their results', () => {
    const end = endOfResult(
      result([receipt('parse', { pages: 3, credits: 1.5 }), receipt('extract', { pages: 3 })]),
      times,
    );
    expect(end).toMatchObject({ state: 'done', pages: 3, credits: 1.5, ...times });
    expect(end.jobs[1]).toMatchObject({ operation: 'extract', jobId: 'extract-1', stored: { key: stored.key } });
    expect(end).not.toHaveProperty('parsed');
  });

  it('with gaps names the first, and the parse', () => {
    const gaps = [{ operation: 'extract' as const, type: 'DocumentJobFailed' as const, message: 'm' }];
    const end = endOfResult(result([receipt('parse'), receipt('extract', { outcome: 'failed' })], gaps), times);
    expect(end).toMatchObject({
      state: 'done_with_gaps',
      error: { type: 'DocumentJobFailed', reason: 'm', operation: 'extract' },
      parsed: { provider: 'v', account: 'a', reference: 'jobid://p1' },
    });
  });

  it('has 2 kB at most, whatever there is to say: the parse and what failed stay', () => {
    const jobs = [receipt('parse'), ...Array.from({ length: 60 }, (_one, n) => receipt('extract', { jobId: `e${n}` }))];
    const failing = receipt('extract', { jobId: 'bad', outcome: 'failed' });
    const gaps = [{ operation: 'extract' as const, type: 'DocumentJobFailed' as const, message: 'é'.repeat(5_000) }];
    const end = endOfResult(result([...jobs, failing], gaps), times);
    expect(sizeOf(end)).toBeLessThanOrEqual(2_048);
    expect(end.jobs[0]?.operation).toBe('parse');
    expect(end.jobs.at(-1)?.jobId).toBe('bad');
    expect(end.jobsLeftOut).toBe(62 - end.jobs.length);
    expect(end.error?.reason).toHaveLength(300);
  });

  it('has them even where a reference alone is longer', () => {
    const long = { ...parsed, provider: 'v', account: 'a', reference: 'x'.repeat(5_000) };
    const end = endOfFailure(
      { type: 'T', message: 'm', details: null, receipts: [receipt('parse')], parsed: long },
      times,
    );
    expect(sizeOf(end)).toBeLessThanOrEqual(2_048);
    expect(end).toMatchObject({ state: 'failed', error: { type: 'T' } });
  });

  it('that fits is left as it is', () => {
    const end = endOfResult(result([receipt('parse')]), times);
    expect(fitted(end)).toEqual(end);
  });
});

describe('a failure', () => {
  const failed = (facts: object): object => ({ transient: false, resubmits: 0, ...facts });
  it.each([
    ['DocumentInputInvalid', {}, true],
    ['DocumentSourceRefused', {}, true],
    ['DocumentSubmitRejected', { httpStatus: 422 }, true],
    ['DocumentSubmitRejected', { httpStatus: 402 }, false],
    ['DocumentSubmitRejected', { httpStatus: 429 }, false],
    ['DocumentSubmitRejected', { httpStatus: 500 }, false],
    ['DocumentSubmitRejected', { httpStatus: null }, false],
    ['DocumentJobFailed', failed({ documentAtFault: true }), true],
    ['DocumentJobFailed', failed({ documentAtFault: true, transient: true }), false],
    ['DocumentJobFailed', failed({}), false],
    ['DocumentAccountRefused', { httpStatus: 401 }, false],
    ['DocumentJobDeadlineExceeded', {}, false],
    ['TimeoutFailure', null, false],
  ])('%s %j is the input’s fault: %s', (type, details, refused) => {
    expect(isRefusal(type, details)).toBe(refused);
  });

  it('keeps the vendor’s code and the operation', () => {
    const details = { vendorCode: 'C', operation: 'split', provider: 'v' };
    const end = endOfFailure({ type: 'DocumentJobFailed', message: 'm', details, receipts: [] }, times);
    expect(end.error).toEqual({ type: 'DocumentJobFailed', reason: 'm', vendorCode: 'C', operation: 'split' });
  });
});

it.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['', 3, ''],
])('%j clipped to %i is %j', (text, max, short) => {
  expect(clipped(text, max)).toBe(short);
});
