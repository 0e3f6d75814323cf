import fc from 'fast-check';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { type Deadline, startDeadline } from '../../src/workflows/deadline.js';
import type { JobContext } from '../../src/workflows/job-context.js';
import { expect, RUNS } from '../support/properties.js';

const info = vi.hoisted(() => ({ current: {} }));
vi.mock('@temporalio/workflow', async (original) => ({
  ...(await original<object>()),
  workflowInfo: () => info.current,
}));

const NOW = Date.parse('2026-11-24T10:00:00Z');
const HOUR = 3_600_000;
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

const limit = fc.option(fc.integer({ min: 1, max: 48 * HOUR }));
const limits = fc.record({
  jobMs: limit,
  documentMs: limit,
  runMs: limit,
  executionMs: limit,
  /** How long the workflow has been running. */
  agoMs: fc.nat(24 * HOUR),
});
type Limits = typeof limits extends fc.Arbitrary<infer L> ? L : never;

function start({ jobMs, documentMs, runMs, executionMs, agoMs }: Limits): Deadline {
  const startTime = new Date(NOW - agoMs);
  info.current = {
    runStartTime: startTime,
    ...(runMs !== null && { runTimeoutMs: runMs }),
    ...(executionMs !== null && {
      executionTimeoutMs: executionMs,
      executionExpirationTime: new Date(startTime.getTime() + executionMs),
    }),
  };
  const documentDeadline = documentMs === null ? undefined : { at: NOW + documentMs, limitMs: documentMs };
  return startDeadline({ options: { jobDeadlineMs: jobMs }, documentDeadline } as unknown as JobContext);
}

/** When Temporal ends the workflow, which then runs no code any more. */
const endsAt = ({ runMs, executionMs, agoMs }: Limits): number =>
  NOW - agoMs + Math.min(runMs ?? Infinity, executionMs ?? Infinity);

describe('startDeadline', () => {
  it('is never past any of the limits, and leaves the workflow time to cancel before Temporal ends it', () => {
    fc.assert(
      fc.property(limits, (given) => {
        const { at } = start(given);
        const { jobMs, documentMs, runMs, executionMs } = given;
        expect(at).toBeLessThanOrEqual(NOW + Math.min(jobMs ?? Infinity, documentMs ?? Infinity));
        const least = Math.min(runMs ?? Infinity, executionMs ?? Infinity);
        if (least < Infinity) expect(endsAt(given) - at).toBeGreaterThanOrEqual(Math.min(0.2 * least, 120_000) - 0.01);
      }),
      RUNS,
    );
  });

  it('takes a fifth of a workflow’s time at most, and two minutes at most, for that', () => {
    fc.assert(
      fc.property(limits, (given) => {
        const { jobMs, documentMs, runMs, executionMs } = given;
        const { at, scope } = start(given);
        const own = NOW + Math.min(jobMs ?? Infinity, documentMs ?? Infinity);
        const most = Math.min(0.2 * Math.max(runMs ?? 0, executionMs ?? 0), 120_000);
        expect(at).toBeGreaterThanOrEqual(Math.min(own, endsAt(given) - most) - 0.01);
        if (at > own - 1 && at < endsAt(given) - 120_000) expect(scope).not.toBe('workflow');
      }),
      RUNS,
    );
  });

  it('names the limit that it is, or none', () => {
    fc.assert(
      fc.property(limits, (given) => {
        const { at, limitMs, scope } = start(given);
        if (scope === 'job') expect([at, limitMs]).toEqual([NOW + limitMs, given.jobMs]);
        else if (scope === 'workflow') expect(limitMs).toBeLessThan(Math.max(given.runMs ?? 0, given.executionMs ?? 0));
        else expect([at, limitMs]).toEqual([NOW + limitMs, given.documentMs ?? Infinity]);
      }),
      RUNS,
    );
  });
});
