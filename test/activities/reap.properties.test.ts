import type { Client } from '@temporalio/client';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { ActivityDeps } from '../../src/activities/activity-deps.js';
import { createReap } from '../../src/activities/reap/reap.js';
import { runningAtVendor } from '../../src/activities/reap/vendor-side.js';
import { newSweep, type ReapInput, type ReapProgress, type ReapReport } from '../../src/jobs/reap.js';
import type { JobStatus } from '../../src/jobs/types.js';
import type { ListedJob } from '../../src/providers/provider.js';
import { bareActivity, STARTED_AT } from '../support/bare-activity.js';
import { fakeProvider, read } from '../support/fake-provider.js';
import { expect, RUNS } from '../support/properties.js';

const HOUR = 3_600_000;
const OURS = 'namespace-1';
const activity = bareActivity();
const iso = (ms: number): string => new Date(ms).toISOString();

/** Temporal without a closed workflow, and with no open one but `wf-open`. */
const client = {
  options: { namespace: 'default', loadedDataConverter: { payloadCodecs: [] } },
  workflowService: {
    listWorkflowExecutions: async () => ({ executions: [], nextPageToken: new Uint8Array() }),
    async describeWorkflowExecution({ execution }: { execution: { workflowId: string } }) {
      if (execution.workflowId !== 'wf-open') throw Object.assign(new Error('not found'), { code: 5 });
      return { workflowExecutionInfo: { status: 1, firstRunId: 'run' } };
    },
  },
} as unknown as Client;
Object.assign(activity.context, { client });

const listed = fc.record({
  jobId: fc.nat(7).map((number) => `j${number}`),
  status: fc.constantFrom<JobStatus>('queued', 'running', 'running', 'completed', 'failed', 'cancelled', 'expired'),
  owner: fc.option(
    fc.record({
      namespaceId: fc.constantFrom(OURS, OURS, 'another'),
      workflowId: fc.constantFrom('wf-open', 'wf-closed'),
      firstExecutionRunId: fc.constantFrom('run', 'run', 'earlier'),
    }),
    { nil: undefined },
  ),
  isYoung: fc.boolean(),
});
type Listed = typeof listed extends fc.Arbitrary<infer L> ? L : never;

function depsFor(jobs: Listed[]): ActivityDeps {
  const page = jobs.map(({ jobId, status, owner, isYoung }): ListedJob => {
    const createdAt = iso(STARTED_AT - (isYoung ? 1_000 : HOUR));
    const facts = { vendorStatus: status, type: null, operation: null, createdAt, pages: null };
    return { jobId, status, ...facts, ...(owner && { owner }) };
  });
  const provider = {
    ...fakeProvider({ get: [read('running')] }),
    listJobs: async () => ({ jobs: page, nextCursor: null }),
  };
  return {
    accounts: { fake: provider },
    clock: activity.clock,
    namespaces: { of: async () => OURS },
    results: { head: async () => null },
  } as unknown as ActivityDeps;
}

const atVendors = (over: Partial<ReapProgress> = {}): ReapProgress => ({
  ...newSweep({ dryRun: true, sweptFrom: iso(0), sweptUntil: iso(STARTED_AT) }),
  next: { part: 'vendors', accounts: ['fake'] },
  ...over,
});

describe('runningAtVendor', () => {
  it('suspects running jobs that carry our own namespace, and nobody else’s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(listed, { maxLength: 6 }), async (jobs) => {
        const position = { part: 'vendors' as const, accounts: ['fake'] };
        const { suspects } = await runningAtVendor(depsFor(jobs), activity.context, position, atVendors());
        const ours = jobs.filter(
          ({ status, owner }) => (status === 'queued' || status === 'running') && owner?.namespaceId === OURS,
        );
        expect(suspects.map(({ job }) => job.jobId)).toEqual(ours.map(({ jobId }) => jobId));
        expect(suspects.every(({ foundIn, job }) => foundIn === 'vendor' && job.account === 'fake')).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('reapDocumentJobs', () => {
  const reap = (jobs: Listed[], input: ReapInput, progress: ReapProgress | null, previous?: ReapReport) => {
    activity.restart();
    const given = { input, progress, ...(previous && { previous }) };
    return activity.run(() => createReap(depsFor(jobs))(given));
  };

  it('asks about each job once and counts it in one place', async () => {
    const seen = fc.uniqueArray(
      fc.nat(7).map((number) => `j${number}`),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(listed, { maxLength: 5 }), seen, async (jobs, before) => {
        const report = await reap(jobs, { dryRun: true }, atVendors({ seen: before }));
        const { suspects, owned, young, orphans, notListed } = report;
        expect(suspects).toBe(owned + young + orphans.length + notListed);
        expect(report.seen).toHaveLength(new Set(report.seen).size);
        expect(report.seen).toHaveLength(before.length + suspects);
        expect(orphans.filter(({ jobId }) => before.includes(jobId))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('has no workflow whose chain is open, or whose job is young, among the orphans', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(listed, { maxLength: 3, selector: ({ jobId }) => jobId }), async (jobs) => {
        const { orphans } = await reap(jobs, { dryRun: true }, atVendors());
        const ids = orphans.map(({ jobId }) => jobId);
        for (const { jobId, owner, isYoung } of jobs) {
          const isOpen = owner?.workflowId === 'wf-open' && owner.firstExecutionRunId === 'run';
          if (isOpen || isYoung || owner?.namespaceId !== OURS) expect(ids).not.toContain(jobId);
        }
      }),
      RUNS,
    );
  });

  it('begins where the last sweep ended, an hour and the minimum age earlier, or a day ago: never later', async () => {
    const input = fc.record({ since: fc.nat(48 * HOUR), minimumAge: fc.nat(HOUR) }, { requiredKeys: [] });
    const last = fc.record({
      sweptUntil: fc.nat(72 * HOUR).map((agoMs) => iso(STARTED_AT - agoMs)),
      dryRun: fc.boolean(),
      owned: fc.nat(1),
      unresolved: fc.nat(1),
    });
    await fc.assert(
      fc.asyncProperty(input, fc.option(last), async (asked, previous) => {
        const report = previous && { ...newSweep({ ...previous, sweptFrom: iso(0) }), ...previous };
        const { sweptFrom, sweptUntil } = await reap([], asked, null, report ?? undefined);
        const from = Date.parse(sweptFrom);
        expect(sweptUntil).toBe(iso(STARTED_AT));
        expect(from).toBeGreaterThanOrEqual(STARTED_AT - (asked.since ?? 24 * HOUR));
        const isDone = previous !== null && !previous.dryRun && previous.owned + previous.unresolved === 0;
        const latest = isDone && asked.since === undefined ? Date.parse(previous.sweptUntil) - HOUR : 0;
        const dayAgo = STARTED_AT - (asked.since ?? 24 * HOUR);
        expect(from).toBeLessThanOrEqual(Math.max(dayAgo, latest - (asked.minimumAge ?? 5 * 60_000)));
      }),
      RUNS,
    );
  });
});
