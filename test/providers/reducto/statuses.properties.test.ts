import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Job } from '../../../src/providers/reducto/schemas.js';
import { isInputGone, isOverload, isTransient } from '../../../src/providers/reducto/error-names.js';
import { snapshotOf, STATUSES } from '../../../src/providers/reducto/statuses.js';
import { statusOf } from '../../../src/providers/status-of.js';
import { expect, RUNS } from '../../support/properties.js';

const name = fc.constantFrom(
  'JOB_CANCELLED',
  'TIMEOUT',
  'NOT_FOUND',
  'INVALID_CONFIG',
  'QUEUE_FULL',
  'constructor',
  'new',
);
const words = fc.constantFrom('', ' ', 'broken', 'JOB_CANCELLED', 'MY_JOB_CANCELLED_X', 'https://h/x?sig=secret');
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const job = fc.record(
  {
    status: fc.constantFrom(
      'Pending',
      'Idle',
      'InProgress',
      'Completing',
      'Completed',
      'Failed',
      'FAILED',
      'Cancelled',
      'New',
    ),
    reason: fc.option(words),
    error: fc.option(fc.record({ name: optional(name), type: optional(name), message: optional(words) })),
    created_at: fc.constantFrom('2026-11-24T10:00:00Z', '2026-11-24T10:00:00.123456', 'just now', null),
    duration: fc.option(fc.oneof(fc.nat(9_000), fc.double())),
    progress: fc.option(fc.nat(100)),
  },
  { requiredKeys: ['status'] },
) as fc.Arbitrary<Job>;

describe('snapshotOf', () => {
  it('goes by the vendor’s word: an error makes of a failed job a cancelled one at most', () => {
    fc.assert(
      fc.property(job, (given) => {
        const byWord = statusOf(STATUSES, given.status);
        const { status, error } = snapshotOf(given);
        if (byWord !== 'failed') expect(status).toBe(byWord);
        else expect(['failed', 'cancelled']).toContain(status);
        expect(error !== undefined).toBe(status === 'failed');
        if (given.error?.name === 'JOB_CANCELLED' && byWord === 'failed') expect(status).toBe('cancelled');
      }),
      RUNS,
    );
  });

  it('gives a failed job a reason without secrets, and sends none again whose input is gone', () => {
    fc.assert(
      fc.property(job, (given) => {
        const { error } = snapshotOf({ ...given, status: 'Failed' });
        if (error === undefined) return;
        expect(error.reason.trim()).not.toBe('');
        expect(JSON.stringify(error)).not.toContain('secret');
        expect(error.transient && error.inputGone).toBeFalsy();
        if (error.code === null) expect(error.transient).toBe(false);
      }),
      RUNS,
    );
  });

  it('tells when a job ended only of one that has, and as a date', () => {
    fc.assert(
      fc.property(job, (given) => {
        const { status, createdAt, completedAt } = snapshotOf(given);
        if (completedAt === undefined) return;
        expect(['queued', 'running']).not.toContain(status);
        const took = Date.parse(completedAt) - Date.parse(createdAt ?? '');
        expect(Math.abs(took - (given.duration ?? NaN) * 1_000)).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });
});

describe('error names', () => {
  it('never say both that a job may pass and that its input is gone, and overload always may pass', () => {
    const any = fc.oneof(
      name,
      fc.constantFrom('GPU_UNAVAILABLE', 'GPU_POOL_SATURATED', 'CAPACITY_TIMEOUT', 'BATCH_QUEUE_FULL', 'JOB_DELETED'),
      fc.constantFrom('GPU_ALLOCATION_ERROR', 'SERVICE_UNAVAILABLE', 'XQUEUE_FULL', 'QUEUE_FULLER'),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(any, (given) => {
        expect(isTransient(given) && isInputGone(given)).toBe(false);
        if (isOverload(given)) expect(isTransient(given)).toBe(true);
        expect([isTransient(null), isInputGone(null), isOverload(undefined)]).toEqual([false, false, false]);
      }),
      RUNS,
    );
  });
});
