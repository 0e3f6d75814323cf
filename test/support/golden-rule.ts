import { expect } from 'vitest';
import type { Receipt } from '../../src/jobs/types.js';
import type { Sandbox } from '../../src/sandbox/index.js';

/**
 * The rule behind everything: the vendor accepted the jobs that the receipts show and no others, and none is still running. A job that no
 * receipt names must be covered by a POST that one labels as unknown.
 */
export function expectGoldenRule(sandbox: Sandbox, receipts: readonly Receipt[]): void {
  const shown = receipts.flatMap(({ jobs }) => jobs);
  const named = shown.map(({ jobId }) => jobId).filter((id) => id !== null);
  const accepted = sandbox.ledger.jobs();
  const unnamed = accepted.filter(({ jobId }) => !named.includes(jobId));
  const unknown = shown.reduce((sum, job) => sum + (job.unknownSubmits ?? 0), 0);
  expect(new Set(named).size, 'each receipt names a job of its own').toBe(named.length);
  expect(
    named.filter((id) => !accepted.some(({ jobId }) => jobId === id)),
    'jobs that the vendor never accepted',
  ).toEqual([]);
  expect(unnamed.length, 'accepted jobs that no receipt shows').toBeLessThanOrEqual(unknown);
  const owned = accepted.filter(({ jobId }) => named.includes(jobId));
  expect(
    owned.filter(({ endedAt, gone }) => endedAt === null && gone === null),
    'jobs left running',
  ).toEqual([]);
}
