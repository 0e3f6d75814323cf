import { describe, expect, it } from 'vitest';
import type { PollInput, PollOutput } from '../../src/jobs/activities.js';
import type { VendorErrorFacts } from '../../src/providers/vendor-error.js';
import { activityRun } from '../support/activity-run.js';
import { fakeProvider, type FakeScript, read, vendorError } from '../support/fake-provider.js';

const job = { provider: 'fake', account: 'fake', operation: 'parse', jobId: 'job-1' } as const;

/** Reads the job for one window. @returns the times between its reads, ms, and what came of it. */
async function gapsOf(get: FakeScript['get'], windowMs: number): Promise<{ gaps: number[]; end: PollOutput }> {
  const provider = fakeProvider({ get: get ?? [] });
  const times: number[] = [];
  const run = activityRun({ ...provider, get: (...args) => (times.push(run.elapsed()), provider.get(...args)) });
  const input: PollInput = {
    job,
    windowMs,
    elapsedMs: 0,
    neverSeen: false,
    collect: { results: 'inline', inlineLimit: 1_000 },
  };
  const end = await run.run(() => run.activities.pollDocumentJob(input));
  return { gaps: times.slice(1).map((time, index) => time - times[index]!), end };
}

const WINDOWS = Array.from({ length: 120 }, (_, index) => 1_000 + 777 * index);
const limited = (over: Partial<VendorErrorFacts> = {}) => vendorError('rate_limited', over);

describe('no read comes sooner than it may, wherever the window ends', () => {
  it('while the job runs', async () => {
    for (const windowMs of WINDOWS) {
      const { gaps } = await gapsOf([read('running')], windowMs);
      expect(Math.min(...gaps, Infinity)).toBeGreaterThanOrEqual(900);
    }
  });

  it('while the vendor answers 429: the pause doubles from read to read', async () => {
    for (const windowMs of WINDOWS) {
      const { gaps } = await gapsOf([limited()], windowMs);
      gaps.forEach((gap, index) => expect(gap).toBeGreaterThanOrEqual(0.9 * Math.min(2_000 * 2 ** index, 60_000)));
    }
  });

  it('and what is left of the pause is told to the workflow, which sleeps for it', async () => {
    const { gaps, end } = await gapsOf([limited()], 500);
    expect(gaps).toEqual([]);
    expect(end.state === 'pending' && end.retryAfterMs).toBeGreaterThanOrEqual(1_300);
    const asked = await gapsOf([limited({ retryAfterMs: 700 })], 500);
    expect(asked.end.state === 'pending' && asked.end.retryAfterMs).toBeGreaterThanOrEqual(1_300);
  });
});

describe('who cancels a job leaves the vendor in peace too', () => {
  async function cancelled(get: FakeScript['get'], over: FakeScript = {}) {
    const provider = fakeProvider({ get: get ?? [], ...over });
    const times: number[] = [];
    const run = activityRun({ ...provider, get: (...args) => (times.push(run.elapsed()), provider.get(...args)) });
    const end = run.run(() => run.activities.cancelDocumentJob({ job, settleMs: 30_000 }));
    return { end: await end.catch((error: unknown) => error), times };
  }

  it('for as long as it asks, past the time to settle as well', async () => {
    for (const retryAfterMs of [5_000, 80_000]) {
      const { end, times } = await cancelled([limited({ retryAfterMs }), read('cancelled')]);
      expect(times).toEqual([0, retryAfterMs]);
      expect(end).toMatchObject({ outcome: 'cancelled' });
    }
  });

  it('and gives up where that is too long: the outcome is unknown', async () => {
    const { end, times } = await cancelled([limited({ retryAfterMs: 600_000 })]);
    expect(times).toEqual([0]);
    expect(end).toMatchObject({ outcome: 'unknown' });
  });

  it('unless the vendor was not told: then Temporal tries again after that', async () => {
    const { end } = await cancelled([limited({ retryAfterMs: 600_000 })], { cancel: [vendorError('server')] });
    expect(end).toMatchObject({ type: 'DocumentVendorTrouble', nextRetryDelay: 600_000 });
  });

  it('for two seconds when it says nothing', async () => {
    const { times } = await cancelled([limited(), limited(), read('cancelled')]);
    expect(times).toEqual([0, 2_000, 4_000]);
  });
});
