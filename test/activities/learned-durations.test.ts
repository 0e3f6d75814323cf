import { describe, expect, it } from 'vitest';
import type { PollInput, SubmitInput } from '../../src/jobs/activities.js';
import { activityRun } from '../support/activity-run.js';
import { fakeProvider, type FakeScript, read, vendorError } from '../support/fake-provider.js';

const MINUTE = 60_000;
/** What the vendor is said to take, ms. */
const GUESS = MINUTE;

const poll: PollInput = {
  job: { provider: 'fake', account: 'fake', operation: 'parse', jobId: 'job-1' },
  windowMs: 6 * MINUTE,
  elapsedMs: 0,
  neverSeen: false,
  collect: { results: 'inline', inlineLimit: 1_000 },
};
const submit: SubmitInput = {
  provider: 'fake',
  account: 'fake',
  request: { operation: 'parse', input: 'https://x/a.pdf' },
  marker: { firstExecutionRunId: 'run', origin: 'a', ordinal: 0, resubmit: 0 },
  lookFirst: 'no',
  since: '2026-11-24T09:59:00.000Z',
};

/** How long the next job is expected to take after one that was read so. */
async function learnedFrom(get: FakeScript['get'], over: Partial<PollInput>): Promise<number | null> {
  const { run, activities } = activityRun(fakeProvider({ get: get ?? [] }));
  const end = await run(() => activities.pollDocumentJob({ ...poll, ...over }));
  expect(end.state).toBe('completed');
  const next = await run(() => activities.submitDocumentJob(submit));
  return next.outcome === 'accepted' ? next.expectedMs : null;
}

const done = read('completed', {});
const down = Array<Error>(8).fill(vendorError('server'));

describe('a completion tells how long the job took', () => {
  it('when it was seen running shortly before, here', async () => {
    const learned = await learnedFrom([read('running'), read('running'), done], { elapsedMs: 4 * MINUTE });
    expect(learned).toBeGreaterThan(4 * MINUTE);
  });

  it('or in the window before the last sleep', async () => {
    expect(await learnedFrom([done], { elapsedMs: 5 * MINUTE, seenMs: 4 * MINUTE })).toBe(5 * MINUTE);
  });

  it('or when it took less than it was expected to: so much at most', async () => {
    expect(await learnedFrom([done], { elapsedMs: MINUTE / 2 })).toBe(MINUTE / 2);
  });

  it('or when the vendor itself says when it began and ended, whatever happened before that was seen', async () => {
    const times = { createdAt: '2026-11-24T09:00:00Z', completedAt: '2026-11-24T09:02:30Z' };
    expect(await learnedFrom([read('completed', {}, times)], { elapsedMs: 180 * MINUTE })).toBe(2.5 * MINUTE);
  });
});

describe('a completion tells nothing of how long the job took', () => {
  it('when the vendor could not be read for long before it', async () => {
    expect(await learnedFrom([read('running'), ...down, done], { elapsedMs: 2_000 })).toBe(GUESS);
  });

  it('when an outage began in an earlier window', async () => {
    expect(await learnedFrom([done], { elapsedMs: 31 * MINUTE, seenMs: 10_000 })).toBe(GUESS);
  });

  it('when no worker looked in time', async () => {
    expect(await learnedFrom([done], { elapsedMs: 180 * MINUTE })).toBe(GUESS);
  });
});
