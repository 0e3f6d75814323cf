import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Job } from '../../../src/providers/pulse/schemas.js';
import { snapshotOf, STATUSES } from '../../../src/providers/pulse/statuses.js';
import { statusOf } from '../../../src/providers/status-of.js';
import { expect, RUNS } from '../../support/properties.js';

const code = fc.constantFrom('FILE_003', 'GENERAL_500', 'PROC_2', 'AUTH_001');
const words = fc.constantFrom(
  ...['the file is corrupted', 'Timed out', 'try again later', 'extraction x not found', 'split y no longer there', ''],
  'see https://h/x?sig=secret',
);
const error = fc.oneof(
  fc.constant(null),
  words,
  fc.tuple(code, fc.constantFrom(': ', ' - ', '–'), words).map((parts) => parts.join('')),
  fc.record({ code: fc.option(code), message: fc.option(words) }),
);
const time = fc.constantFrom('2026-11-24T10:00:00Z', '2026-11-24T10:00:07.5', 'soon', null);
const job = fc.record(
  {
    status: fc.constantFrom('pending', 'processing', 'COMPLETED', 'failed', 'canceled', 'cancelled', 'expired', 'new'),
    error,
    created_at: time,
    updated_at: time,
    completed_at: time,
  },
  { requiredKeys: ['status'] },
) as fc.Arbitrary<Job>;

describe('snapshotOf', () => {
  it('goes by the vendor’s word alone, and has an error exactly when the job failed', () => {
    fc.assert(
      fc.property(job, (given) => {
        const { status, error: why, completedAt } = snapshotOf(given);
        expect(status).toBe(statusOf(STATUSES, given.status));
        expect(why !== undefined).toBe(status === 'failed');
        if (status === 'queued' || status === 'running') expect(completedAt).toBeUndefined();
      }),
      RUNS,
    );
  });

  it('gives a failed job a reason without secrets, and its code apart from it', () => {
    fc.assert(
      fc.property(job, (given) => {
        const { error: why } = snapshotOf({ ...given, status: 'failed' });
        expect(why?.reason.trim()).not.toBe('');
        expect(JSON.stringify(why)).not.toContain('secret');
        if (why?.code) expect(why.reason.startsWith(why.code)).toBe(false);
      }),
      RUNS,
    );
  });

  it('sends a job again only for words of a passing condition, and never against a code of another kind', () => {
    fc.assert(
      fc.property(job, (given) => {
        const { error: why } = snapshotOf({ ...given, status: 'failed' });
        if (!why?.transient) return;
        expect(why.reason).toMatch(/timed out|try again/i);
        expect(['GENERAL_500', 'PROC_2', null]).toContain(why.code);
      }),
      RUNS,
    );
  });
});
