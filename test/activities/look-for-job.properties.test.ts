import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type LookFor, lookForJob } from '../../src/activities/look-for-job.js';
import { bareActivity } from '../support/bare-activity.js';
import { fakeProvider, vendorError } from '../support/fake-provider.js';
import { expect, RUNS } from '../support/properties.js';

const activity = bareActivity();
const provider = fakeProvider();
const { signal } = new AbortController();
const wanted = (settleMs: number): LookFor => ({
  markers: ['m1'],
  request: { operation: 'parse', input: 'x' },
  since: '2026-11-24T10:00:00.000Z',
  earlierLife: false,
  notThese: [],
  settleMs,
});

type Reads = { failing: boolean[]; readMs: number };
const reads: fc.Arbitrary<Reads> = fc.record({
  failing: fc.array(fc.boolean(), { maxLength: 12 }),
  readMs: fc.oneof(fc.constant(0), fc.nat(12_000)),
});
const settleMs = fc.oneof(fc.constant(0), fc.nat(40_000));

/** Looks in a list that has the job from a time on, shows what it had when it was asked, and fails for a while. */
async function look(settle: number, listedAt: number | null, { failing, readMs }: Reads) {
  activity.restart();
  let asked = 0;
  const findJob = async () => {
    const at = activity.elapsed();
    activity.pass(readMs);
    if (failing[asked++] === true) throw vendorError('server');
    return listedAt !== null && at >= listedAt ? { jobId: 'j' } : null;
  };
  return lookForJob({ ...provider, findJob }, wanted(settle), activity.clock, activity.heart, signal);
}

describe('lookForJob', () => {
  it('never takes a job for absent that the vendor lists in the time it may take', async () => {
    const listed = settleMs.chain((settle) => fc.tuple(fc.constant(settle), fc.nat(settle)));
    await fc.assert(
      fc.asyncProperty(listed, reads, async ([settle, listedAt], how) => {
        const { kind } = await look(settle, settle === 0 ? 0 : listedAt, how);
        expect(['found', 'unreadable']).toContain(kind);
      }),
      RUNS,
    );
  });

  it('never finds a job that is not there, and gives up some seconds past that time', async () => {
    await fc.assert(
      fc.asyncProperty(settleMs, reads, async (settle, how) => {
        const { kind } = await look(settle, null, how);
        expect(['absent', 'unreadable']).toContain(kind);
        if (how.failing.length === 0) expect(kind).toBe('absent');
        expect(activity.elapsed()).toBeLessThanOrEqual(settle + 500 + 5_000 + 1_000 + 2 * how.readMs);
      }),
      RUNS,
    );
  });

  it('stops at the first answer that decides, and guesses at nothing else', async () => {
    const DECIDES = { found: 'found', unsupported: 'unsupported', rejected: 'unsupported', ambiguous: 'ambiguous' };
    const said = fc.constantFrom('server', 'unreachable', ...(Object.keys(DECIDES) as (keyof typeof DECIDES)[]));
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 5 }), async (answers) => {
        activity.restart();
        let asked = 0;
        const findJob = async () => {
          const answer = answers[asked++] ?? 'found';
          if (answer === 'found') return { jobId: 'j' };
          if (answer === 'unsupported') return answer;
          throw vendorError(answer);
        };
        const { kind } = await lookForJob(
          { ...provider, findJob },
          wanted(30_000),
          activity.clock,
          activity.heart,
          signal,
        );
        const decisive = answers.findIndex((answer) => answer in DECIDES);
        const answer = (answers[decisive] ?? 'found') as keyof typeof DECIDES;
        expect([kind, asked]).toEqual([DECIDES[answer], (decisive === -1 ? answers.length : decisive) + 1]);
      }),
      RUNS,
    );
  });
});
