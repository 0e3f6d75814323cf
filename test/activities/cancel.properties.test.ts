import { ApplicationFailure } from '@temporalio/common';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { ActivityDeps } from '../../src/activities/activity-deps.js';
import { cancelAndSettle } from '../../src/activities/cancel.js';
import type { CancelOutput } from '../../src/jobs/activities.js';
import type { JobStatus } from '../../src/jobs/types.js';
import { bareActivity } from '../support/bare-activity.js';
import { fakeProvider, read, vendorError } from '../support/fake-provider.js';
import { expect, RUNS } from '../support/properties.js';

const job = { provider: 'fake', account: 'fake', operation: 'parse' as const, jobId: 'j' };
const activity = bareActivity();
const provider = fakeProvider();
const results = { head: async () => null } as unknown as ActivityDeps['results'];
const deps = { clock: activity.clock, results } as ActivityDeps;

/** What the vendor answers to each cancel in turn, the last one for ever; and to each read. */
const vendor = fc.record({
  cancels: fc.array(fc.constantFrom('ok', 'gone', 'rejected', 'invalid_reply', 'server', 'unreachable', 'auth'), {
    minLength: 1,
    maxLength: 4,
  }),
  reads: fc.array(fc.constantFrom('ok', 'server', 'absent'), { minLength: 1, maxLength: 6 }),
  /** What the job is from when on, if it does not heed a cancel. */
  ends: fc.tuple(fc.constantFrom<JobStatus>('completed', 'failed', 'expired', 'running'), fc.nat(60_000)),
  /** How long after a cancel the job is cancelled. */
  heedsMs: fc.option(fc.nat(5_000)),
  settleMs: fc.nat(40_000),
});
type Vendor = typeof vendor extends fc.Arbitrary<infer V> ? V : never;

async function cancel({ cancels, reads, ends: [end, endsAt], heedsMs, settleMs }: Vendor) {
  activity.restart();
  const asked: string[] = [];
  const shown: (JobStatus | 'absent' | 'trouble')[] = [];
  let takenAt = Infinity;
  const jobAt = (at: number): JobStatus => {
    if (endsAt <= Math.min(at, takenAt)) return end;
    if (heedsMs !== null && at >= takenAt + heedsMs) return 'cancelled';
    return endsAt <= at ? end : 'running';
  };
  const scripted = {
    ...provider,
    async cancel() {
      const answer = cancels[Math.min(asked.length, cancels.length - 1)] ?? 'ok';
      asked.push(answer);
      if (answer === 'ok' || answer === 'invalid_reply') takenAt = Math.min(takenAt, activity.elapsed());
      if (answer === 'ok' || answer === 'gone') return answer === 'ok';
      throw vendorError(answer);
    },
    async get() {
      const answer = reads[Math.min(shown.length, reads.length - 1)];
      if (answer === 'server') {
        shown.push('trouble');
        throw vendorError('server');
      }
      const status = answer === 'absent' ? 'absent' : jobAt(activity.elapsed());
      shown.push(status);
      return status === 'absent' ? null : read(status);
    },
  };
  const beat = { jobId: 'j', lastStatus: null, reads: 0 };
  const input = { job, settleMs };
  const end_ = await cancelAndSettle(deps, activity.context, scripted, input, beat, activity.heart).catch(
    (error: unknown) => error,
  );
  return { end: end_ as CancelOutput | Error, asked, shown };
}

const OUTCOME: Partial<Record<string, string>> = {
  completed: 'completed_anyway',
  failed: 'failed',
  cancelled: 'cancelled',
};
const wasTold = (asked: string[]): boolean =>
  asked.some((answer) => answer !== 'server' && answer !== 'unreachable' && answer !== 'auth');

describe('cancelAndSettle', () => {
  it('tells what the last read showed and nothing that no read has shown', async () => {
    await fc.assert(
      fc.asyncProperty(vendor, async (given) => {
        const { end, shown } = await cancel(given);
        if (end instanceof Error) return;
        expect(end.outcome).toBe(OUTCOME[shown.at(-1) ?? ''] ?? 'unknown');
        expect(shown.slice(0, -1).filter((status) => status in OUTCOME)).toEqual([]);
        expect(end.reads).toBe(shown.length);
      }),
      RUNS,
    );
  });

  it('never comes to an end before the vendor was told or the job is over: it fails, to be retried', async () => {
    await fc.assert(
      fc.asyncProperty(vendor, async (given) => {
        const { end, asked, shown } = await cancel(given);
        if (end instanceof Error) {
          expect(wasTold(asked)).toBe(false);
          expect(end instanceof ApplicationFailure && end.nonRetryable !== true).toBe(true);
        } else {
          const last = shown.at(-1) ?? '';
          expect(wasTold(asked) || last in OUTCOME || last === 'expired').toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('asks once only when it was heard, and waits no longer than it was told to', async () => {
    await fc.assert(
      fc.asyncProperty(vendor, async (given) => {
        const { asked } = await cancel(given);
        expect(wasTold(asked.slice(0, -1))).toBe(false);
        expect(activity.elapsed()).toBeLessThanOrEqual(given.settleMs);
      }),
      RUNS,
    );
  });
});
