import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { ActivityDeps } from '../../src/activities/activity-deps.js';
import { reapSuspect } from '../../src/activities/reap/reap-suspect.js';
import type { Suspect } from '../../src/activities/reap/suspects.js';
import type { Temporal } from '../../src/histories/temporal-side.js';
import type { JobStatus } from '../../src/jobs/types.js';
import { bareActivity, STARTED_AT } from '../support/bare-activity.js';
import { fakeProvider, read, vendorError } from '../support/fake-provider.js';
import { expect, RUNS } from '../support/properties.js';

const activity = bareActivity();
const provider = fakeProvider();
const job = { provider: 'fake', account: 'fake', operation: 'parse' as const, jobId: 'j' };
const MINUTE = 60_000;

const age = fc.option(fc.nat(30 * MINUTE));
const given = fc.record({
  status: fc.constantFrom<JobStatus | 'absent' | 'trouble'>(
    ...(['running', 'running', 'queued', 'completed', 'failed', 'cancelled', 'expired', 'absent', 'trouble'] as const),
  ),
  ageMs: age,
  ageAtVendorMs: age,
  minimumAgeMs: fc.nat(20 * MINUTE),
  dryRun: fc.boolean(),
  owner: fc.constantFrom('open', 'closed', 'closed', 'not to be asked'),
  /** Whether each workflow that attached to the job is open. */
  holders: fc.array(fc.boolean(), { maxLength: 3 }),
  isKept: fc.boolean(),
  heeds: fc.boolean(),
});
type Given = typeof given extends fc.Arbitrary<infer G> ? G : never;

const iso = (ageMs: number | null): string | null =>
  ageMs === null ? null : new Date(STARTED_AT - ageMs).toISOString();

/** Judges one suspect; `log` is what was asked of whom, in order. */
async function reap(facts: Given) {
  activity.restart();
  const log: string[] = [];
  let isCancelled = false;
  const scripted = {
    ...provider,
    async get() {
      log.push('read');
      if (facts.status === 'absent') return null;
      if (facts.status === 'trouble') throw vendorError('server');
      const createdAt = iso(facts.ageAtVendorMs);
      const times = createdAt === null ? {} : { createdAt };
      return read(isCancelled && facts.heeds ? 'cancelled' : facts.status, undefined, times);
    },
    async cancel() {
      log.push('cancel');
      isCancelled = true;
      return true;
    },
  };
  const temporal = {
    async isOpen({ workflowId }: { workflowId: string }) {
      log.push('open?');
      if (workflowId !== 'owner') return facts.holders[Number(workflowId)];
      if (facts.owner === 'not to be asked') throw new Error('Temporal is down');
      return facts.owner === 'open';
    },
    leaseHolders: async () =>
      facts.holders.map((_, index) => ({ workflowId: String(index), firstExecutionRunId: 'r' })),
  } as unknown as Temporal;
  const head = async () => (facts.isKept ? { size: 1, sha256: 'ab', contentType: 'x' } : null);
  const deps = { accounts: { fake: scripted }, results: { head }, clock: activity.clock } as unknown as ActivityDeps;
  const owner = { workflowId: 'owner', firstExecutionRunId: 'r' };
  const suspect: Suspect = { job, owner, foundIn: 'history', submittedAt: iso(facts.ageMs) };
  const { minimumAgeMs, dryRun } = facts;
  const verdict = await activity.run(() =>
    reapSuspect(deps, temporal, activity.heart, suspect, { minimumAgeMs, dryRun }),
  );
  return { verdict, log };
}

const runs = ({ status }: Given): boolean => status === 'running' || status === 'queued';
const isWaitedFor = ({ owner, holders }: Given): boolean => owner === 'open' || holders.includes(true);
const isYoung = ({ ageMs, ageAtVendorMs, minimumAgeMs }: Given): boolean =>
  (ageMs ?? ageAtVendorMs ?? Infinity) < minimumAgeMs;

describe('reapSuspect', () => {
  it('cancels what runs, is old enough and waited for by nobody, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(given, async (facts) => {
        const { verdict, log } = await reap(facts);
        const mayCancel =
          runs(facts) && !isYoung(facts) && facts.owner === 'closed' && !isWaitedFor(facts) && !facts.dryRun;
        expect(log.includes('cancel')).toBe(mayCancel);
        if (mayCancel) expect(verdict).toMatchObject({ orphan: { outcome: facts.heeds ? 'cancelled' : 'unknown' } });
      }),
      RUNS,
    );
  });

  it('asks whose job it is after it has seen it run, and right before it cancels', async () => {
    await fc.assert(
      fc.asyncProperty(given, async (facts) => {
        const { log } = await reap(facts);
        const cancelled = log.indexOf('cancel');
        const before = cancelled === -1 ? log : log.slice(0, cancelled);
        expect(before.join(' ')).toMatch(cancelled === -1 ? /^read( open\?)*$/ : /^read( open\?)+$/);
      }),
      RUNS,
    );
  });

  it('lists what nobody waits for and what it could not ask about, which the next sweep does, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(given, async (facts) => {
        const { verdict } = await reap(facts);
        const isLeft = facts.owner === 'closed' && !isWaitedFor(facts) && !isYoung(facts);
        if (runs(facts) && isLeft) expect(verdict.is).toBe('orphan');
        if (facts.status === 'trouble') expect(verdict.is).toBe('orphan');
        if (verdict.is !== 'orphan') return;
        expect(verdict.orphan).toMatchObject({ ...job, workflowId: 'owner' });
        const isUnsure = facts.status === 'trouble' || facts.owner === 'not to be asked';
        if (isUnsure) expect(verdict.orphan.outcome).toBe('unknown');
        else expect([isLeft, runs(facts) || (facts.status === 'completed' && !facts.isKept)]).toEqual([true, true]);
      }),
      RUNS,
    );
  });
});
