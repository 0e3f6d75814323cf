import { expect, it } from 'vitest';
import { parseWith } from '../../../src/providers/http/parse-reply.js';
import { Job } from '../../../src/providers/pulse/schemas.js';
import { snapshotOf, STATUSES } from '../../../src/providers/pulse/statuses.js';

const snapshot = (body: unknown) => snapshotOf(parseWith(Job, body, 'GET /job/{id}'));
const failed = (error?: unknown) => snapshot({ job_id: 'j', status: 'failed', error }).error;

it.each([
  ['pending', 'queued'],
  ['Processing', 'running'],
  ['completed', 'completed'],
  ['canceled', 'cancelled'],
  ['cancelled', 'cancelled'],
  ['expired', 'expired'],
  ['queued', 'running'],
  ['toString', 'running'],
  ['', 'running'],
])('%s → %s', (vendorStatus, status) => {
  expect(snapshot({ status: vendorStatus })).toEqual({ status, vendorStatus, progress: null });
});

it.each(Object.entries(STATUSES))('%s in any case → %s', (word, status) => {
  for (const written of [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]) {
    expect(snapshot({ status: written })).toMatchObject({ status, vendorStatus: written });
  }
});

it('takes a job with everything and one with nothing', () => {
  const times = { created_at: 'x', updated_at: null, completed_at: 7 };
  expect(snapshot({ job_id: 'j', status: 'pending', ...times, result: null, error: null }).status).toBe('queued');
  expect(() => snapshot({ job_id: 'j' })).toThrow(/field status/);
});

it.each([
  [{}, {}],
  [{ created_at: '2026-02-04T10:30:00Z' }, { createdAt: '2026-02-04T10:30:00.000Z' }],
  [
    { completed_at: '2026-02-04T10:31:00Z', updated_at: '2026-02-04T10:32:00Z' },
    { completedAt: '2026-02-04T10:31:00.000Z' },
  ],
  [{ updated_at: '2026-02-04T10:32:00Z' }, { completedAt: '2026-02-04T10:32:00.000Z' }],
  [{ created_at: 7, completed_at: 'soon' }, {}],
])('of a completed job with %j tells %j', (facts, times) => {
  const { createdAt, completedAt } = snapshot({ status: 'completed', ...facts });
  expect({ createdAt, completedAt }).toEqual({ createdAt: undefined, completedAt: undefined, ...times });
  expect(snapshot({ status: 'processing', ...facts })).not.toHaveProperty('completedAt');
});

it.each(['Extraction not found', 'GENERAL_404: split 1f3c was not found', 'the extraction no longer exists'])(
  'takes "%s" for an input that is gone',
  (error) => expect(failed(error)).toMatchObject({ inputGone: true }),
);

it.each([
  ['FILE_003: the file is corrupted', 'FILE_003', 'the file is corrupted', false],
  ['FILE_005 - download failed (timeout)', 'FILE_005', 'download failed (timeout)', false],
  ['the file is corrupted', null, 'the file is corrupted', false],
  ['Note: nothing', null, 'Note: nothing', false],
  ['Service unavailable, try again', null, 'Service unavailable, try again', true],
  ['PROC_002: timed out', 'PROC_002', 'timed out', true],
  ['PROC_001: no text layer', 'PROC_001', 'no text layer', false],
  ['GENERAL_001: internal server error', 'GENERAL_001', 'internal server error', true],
  [{ code: 'PROC_002', message: 'temporarily overloaded' }, 'PROC_002', 'temporarily overloaded', true],
  [{ code: 'FILE_006', message: null }, 'FILE_006', 'the vendor gave no reason', false],
  [{ message: 'no code' }, null, 'no code', false],
  [{}, null, 'the vendor gave no reason', false],
  ['', null, 'the vendor gave no reason', false],
  [null, null, 'the vendor gave no reason', false],
  [undefined, null, 'the vendor gave no reason', false],
  [7, null, 'the vendor gave no reason', false],
])('a failure of %j', (error, code, reason, transient) => {
  const atFault = code !== null && /^FILE_00[36]/.test(code) ? { documentAtFault: true } : {};
  expect(failed(error)).toEqual({ code, reason, transient, ...atFault });
});

it('shows no signed URL of a failed download', () => {
  expect(failed('FILE_005: https://bucket.example/a.pdf?X-Amz-Signature=abc not found')).toMatchObject({
    code: 'FILE_005',
    reason: 'https://bucket.example/a.pdf?… not found',
  });
});
