import { expect, it } from 'vitest';
import { Job } from '../../../src/providers/reducto/schemas.js';
import { snapshotOf } from '../../../src/providers/reducto/statuses.js';

const read = (body: unknown) => snapshotOf(Job.parse(body));

it.each([
  ['Pending', 'queued'],
  ['Idle', 'queued'],
  ['InProgress', 'running'],
  ['Completing', 'running'],
  ['Completed', 'completed'],
  ['completed', 'completed'],
  ['Failed', 'failed'],
  ['Cancelled', 'cancelled'],
  ['Canceled', 'cancelled'],
  ['Reticulating', 'running'],
  ['constructor', 'running'],
  ['', 'running'],
])('%s → %s', (vendorStatus, status) => {
  expect(read({ status: vendorStatus })).toMatchObject({ status, vendorStatus, progress: null });
});

it.each([
  [
    { error: { code: 500, name: 'LLM_PROVIDER_ERROR', message: 'down' }, reason: 'r' },
    { code: 'LLM_PROVIDER_ERROR', reason: 'down', transient: true },
  ],
  [
    { error: { code: 400, name: 'DOCUMENT_CORRUPT', message: '' }, reason: 'no pages' },
    { code: 'DOCUMENT_CORRUPT', reason: 'no pages', transient: false, documentAtFault: true },
  ],
  [
    { error: { type: 'file_download_failure', message: 'no file' } },
    { code: 'file_download_failure', reason: 'no file', transient: false },
  ],
  [{ reason: 'at https://h/p?sig=1' }, { code: null, reason: 'at https://h/p?…', transient: false }],
  [
    { error: null, reason: null },
    { code: null, reason: 'the vendor gave no reason', transient: false },
  ],
  [
    { error: 'boom', reason: 7 },
    { code: null, reason: 'the vendor gave no reason', transient: false },
  ],
  [
    { error: { code: 404, name: 'NOT_FOUND', message: 'no such job' } },
    { code: 'NOT_FOUND', reason: 'no such job', transient: false, inputGone: true },
  ],
])('a failed job says why: %j', (body, error) => {
  expect(read({ status: 'Failed', ...body })).toMatchObject({ status: 'failed', error });
});

it.each([[{ error: { code: 409, name: 'JOB_CANCELLED', message: 'x' } }], [{ reason: 'JOB_CANCELLED' }]])(
  'takes a failure of %j as cancelled',
  (body) => {
    const snapshot = read({ status: 'Failed', ...body });
    expect(snapshot).toEqual({ status: 'cancelled', vendorStatus: 'Failed', progress: null });
  },
);

it('takes a failure of another name for one, whatever its reason speaks of', () => {
  const error = { name: 'JOB_STATE_ERROR', message: 'm' };
  expect(read({ status: 'Failed', error, reason: 'JOB_CANCELLED' }).status).toBe('failed');
});

it.each([
  [{}, {}],
  [
    { created_at: '2026-11-24T10:00:00.5', duration: 90 },
    { createdAt: '2026-11-24T10:00:00.500Z', completedAt: '2026-11-24T10:01:30.500Z' },
  ],
  [{ created_at: '2026-11-24T11:00:00+01:00', duration: null }, { createdAt: '2026-11-24T10:00:00.000Z' }],
  [{ created_at: 'yesterday', duration: 90 }, {}],
  [{ created_at: '2026-11-24T10:00:00Z', duration: 1e300 }, { createdAt: '2026-11-24T10:00:00.000Z' }],
])('of a completed job with %j tells %j', (facts, times) => {
  const { createdAt, completedAt } = read({ status: 'Completed', ...facts });
  expect({ createdAt, completedAt }).toEqual({ createdAt: undefined, completedAt: undefined, ...times });
  expect(read({ status: 'InProgress', ...facts })).not.toHaveProperty('completedAt');
});

it.each([
  [42, 42],
  ['42%', null],
  [null, null],
])('progress %j is for display only', (progress, shown) => {
  expect(read({ status: 'InProgress', progress }).progress).toBe(shown);
});
