import { expect, it } from 'vitest';
import { activityRun, failureOf } from '../support/activity-run.js';
import { fakeProvider, type FakeScript, read, snapshot, vendorError } from '../support/fake-provider.js';

const job = { provider: 'fake', account: 'fake', operation: 'parse', jobId: 'job-1' } as const;

function get(script: FakeScript): Promise<unknown> {
  const run = activityRun(fakeProvider(script));
  return run.run(() => run.activities.getDocumentJob({ job }));
}

it('is one read', async () => {
  expect(await get({ get: [read('running')] })).toEqual({ found: true, snapshot: snapshot('running') });
  expect(await get({ get: [null] })).toEqual({ found: false });
});

it('collects nothing', async () => {
  expect(await get({ get: [read('completed', { text: 'x' })] })).toEqual({
    found: true,
    snapshot: snapshot('completed'),
  });
});

it('fails to be retried on trouble, after the time the vendor asks for', async () => {
  const error = vendorError('rate_limited', { retryAfterMs: 5_000 });
  await expect(get({ get: [error] })).rejects.toMatchObject({ nonRetryable: false, nextRetryDelay: 5_000 });
});

it('fails for good on a refused key', async () => {
  expect(await failureOf(get({ get: [vendorError('auth', { httpStatus: 401 })] }))).toMatchObject({
    type: 'DocumentAccountRefused',
    details: { httpStatus: 401, jobId: 'job-1' },
  });
});
