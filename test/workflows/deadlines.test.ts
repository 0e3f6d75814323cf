import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import type { SandboxOptions } from '../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { SINGLE_READS, withHarness } from '../support/harness.js';
import { createTimeSkipping } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
beforeAll(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

const HOUR_MS = 3_600_000;
const stuck: SandboxOptions = { faults: [{ job: 'stuck' }] };

describe.each(VENDORS)('with $name', (vendor) => {
  const settings = { provider: vendor.name, polling: SINGLE_READS };
  const source = (): string => documents.url('invoice-packet.pdf');

  it.each([
    ['run', { workflowRunTimeout: '3h' }],
    ['execution', { workflowExecutionTimeout: '3h' }],
  ] as const)('a job ends before its workflow’s %s timeout, which would leave it running', async (_which, timeouts) => {
    await withHarness(env, { vendor, sandbox: stuck }, async ({ startWith, sandbox }) => {
      const handle = await startWith(timeouts, 'parseOnly', source(), { ...settings, deadline: '5h' });
      expect(await handle.result().catch(findDocumentFailure)).toMatchObject({
        type: 'DocumentJobDeadlineExceeded',
        details: { scope: 'workflow', outcome: 'cancelled', deadlineMs: 3 * HOUR_MS - 120_000 },
      });
      const [job] = sandbox.ledger.jobs();
      expect(job?.state).toBe('Cancelled');
      expect((job?.endedAt ?? Infinity) - (job?.acceptedAt ?? 0)).toBeLessThan(3 * HOUR_MS);
    });
  });

  it('a short-lived workflow keeps a fifth of its time for that', async () => {
    await withHarness(env, { vendor, sandbox: stuck }, async ({ startWith }) => {
      const handle = await startWith({ workflowRunTimeout: '5m' }, 'parseOnly', source(), settings);
      expect(await handle.result().catch(findDocumentFailure)).toMatchObject({
        details: { scope: 'workflow', outcome: 'cancelled', deadlineMs: 4 * 60_000 },
      });
    });
  });

  it('the document’s deadline goes on over continue-as-new, and submits are numbered on', async () => {
    const second = { job: 'stuck', operation: 'parse', nth: 2 } as const;
    await withHarness(env, { vendor, sandbox: { faults: [second] } }, async ({ start, sandbox }) => {
      sandbox.durations.set('parse', HOUR_MS);
      const handle = await start('oneARun', [source(), source(), source()], { ...settings, deadline: '3h' });
      expect(await handle.result().catch(findDocumentFailure)).toMatchObject({
        details: { scope: 'document', deadlineMs: 3 * HOUR_MS, outcome: 'cancelled' },
      });
      const [first, last] = sandbox.ledger.jobs();
      expect([first?.state, last?.state]).toEqual(['Completed', 'Cancelled']);
      const took = (last?.endedAt ?? 0) - (first?.acceptedAt ?? 0);
      expect(took).toBeGreaterThanOrEqual(2.9 * HOUR_MS);
      expect(took).toBeLessThan(3.1 * HOUR_MS);
    });
    await withHarness(env, { vendor }, async ({ start, sandbox }) => {
      const handle = await start('oneARun', [source(), source()], settings);
      expect(await handle.result()).toBe(2);
      // Equal submits of one chain of runs: with one marker the second would take the first's job for its own.
      expect(sandbox.ledger.accepted('parse')).toHaveLength(2);
    });
  });
});

it('a job that nobody could read for too long goes before others', async () => {
  const pulse = VENDORS.find(({ name }) => name === 'pulse');
  const unreadable = { faults: [...(stuck.faults ?? []), { on: 'get', do: 'html-502' } as const] };
  await withHarness(env, { vendor: pulse, sandbox: unreadable }, async ({ start }) => {
    const handle = await start('parseOnly', documents.url('invoice-packet.pdf'), {
      provider: 'pulse',
      polling: SINGLE_READS,
      // Its vendor keeps results for an hour.
      deadline: '2h',
    });
    expect(await handle.result().catch(findDocumentFailure)).toMatchObject({ type: 'DocumentJobDeadlineExceeded' });
    const { events } = await handle.fetchHistory();
    const polls = (events ?? [])
      .map((event) => event.activityTaskScheduledEventAttributes)
      .filter((one) => one?.activityType?.name === 'pollDocumentJob');
    const priorities = polls.map((one) => one?.priority?.priorityKey ?? 0);
    expect(priorities.at(0)).toBe(0);
    expect(priorities.at(-1)).toBe(1);
    expect([...priorities].sort()).toEqual(priorities);
  });
});
