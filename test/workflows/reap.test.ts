import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scheduleReaper } from '../../src/client/index.js';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import type { ReapInput, ReapReport } from '../../src/jobs/reap.js';
import type { Operation } from '../../src/jobs/types.js';
import type { LedgerJob, Sandbox } from '../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { createHarness, type Harness, type HarnessOptions } from '../support/harness.js';
import { createDevServerEnv } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';
import { waitUntil } from '../support/wait-until.js';

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
beforeAll(async () => {
  [env, documents] = await Promise.all([createDevServerEnv(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

const stuck = { faults: [{ job: 'stuck' as const }] };
const statesOf = (sandbox: Sandbox): string[] => sandbox.ledger.jobs().map(({ state }) => state);

describe.each(VENDORS)('with $name, reapOrphanedJobs', (vendor) => {
  const lists = vendor.name === 'reducto';

  /** A harness whose golden rule is left to the test: what is terminated has no receipts. */
  async function within(options: HarnessOptions, test: (harness: Harness) => Promise<void>): Promise<void> {
    const harness = await createHarness(env, { vendor, sandbox: stuck, ...options });
    try {
      await test(harness);
    } finally {
      await harness.stop();
    }
  }

  const settings = { provider: vendor.name, polling: { expected: '1h', cancelSettle: '5s' } };
  const parse = ({ start }: Harness): Promise<WorkflowHandle> =>
    start('parseOnly', documents.url('invoice-packet.pdf'), settings);

  async function accepted({ sandbox }: Harness, count = 1): Promise<LedgerJob> {
    await waitUntil(() => sandbox.ledger.jobs().length === count, 'the job is accepted');
    return sandbox.ledger.jobs()[count - 1]!;
  }

  /** Ended by an operator, and seen by lists. */
  async function terminate(handle: WorkflowHandle): Promise<void> {
    await handle.terminate('test');
    await waitUntil(async () => {
      const query = `WorkflowId = '${handle.workflowId}' AND ExecutionStatus = 'Terminated'`;
      return (await env.client.workflow.count(query)).count > 0;
    }, 'visibility shows it');
  }

  /** Only what this test has started: other tests' workflows are on the same server. */
  function reap({ start, taskQueue }: Harness, over: ReapInput = {}): Promise<ReapReport> {
    const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus IN ('Terminated', 'TimedOut', 'Failed', 'Canceled')`;
    return start('reapOrphanedJobs', { query, minimumAge: 0, ...over }).then(
      (handle) => handle.result() as Promise<ReapReport>,
    );
  }

  it('cancels the job of a workflow that was terminated while it waited, and tells of it', async () => {
    await within({}, async (harness) => {
      const handle = await parse(harness);
      const { jobId } = await accepted(harness);
      await waitUntil(async () => (await timers(handle)) > 0, 'the workflow sleeps');
      await terminate(handle);
      const report = await reap(harness);
      expect(report).toMatchObject({ workflows: 1, owned: 0, young: 0, unresolved: 0, dryRun: false });
      expect(report.orphans).toMatchObject([
        {
          jobId,
          provider: vendor.name,
          operation: 'parse',
          workflowId: handle.workflowId,
          foundIn: 'history',
          outcome: 'cancelled',
        },
      ]);
      expect(statesOf(harness.sandbox)).toEqual(['Cancelled']);
      // A second sweep finds nothing to do.
      expect((await reap(harness)).orphans).toEqual([]);
    });
  });

  it('only tells of it in a dry run, and leaves young jobs alone', async () => {
    await within({}, async (harness) => {
      const handle = await parse(harness);
      await accepted(harness);
      await waitUntil(async () => (await timers(handle)) > 0, 'the workflow sleeps');
      await terminate(handle);
      expect(await reap(harness, { dryRun: true })).toMatchObject({ dryRun: true, orphans: [{ outcome: 'running' }] });
      const young = await reap(harness, { minimumAge: '5m' });
      expect(young.orphans).toEqual([]);
      expect(young.young).toBeGreaterThan(0);
      expect(statesOf(harness.sandbox)).not.toContain('Cancelled');
    });
  });

  it('finds the id of a submit that its workflow did not live to see, in the heartbeat', async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const hangs: HarnessOptions['wrap'] = (activities) => ({
      ...activities,
      async submitDocumentJob(input) {
        const output = await activities.submitDocumentJob(input);
        await held;
        return output;
      },
    });
    await within({ wrap: hangs }, async (harness) => {
      const handle = await parse(harness);
      const { jobId } = await accepted(harness);
      await waitUntil(async () => {
        const { pendingActivities } = (await handle.describe()).raw;
        return (pendingActivities ?? []).some(({ heartbeatDetails }) => heartbeatDetails?.payloads?.length);
      }, 'the heartbeat arrives');
      await terminate(handle);
      expect((await reap(harness)).orphans).toMatchObject([{ jobId, foundIn: 'heartbeat', outcome: 'cancelled' }]);
      expect(statesOf(harness.sandbox)).toEqual(['Cancelled']);
      goOn();
    });
  });

  it('finds a job whose id never reached Temporal at the vendor, where that lists jobs', async () => {
    await within({}, async (harness) => {
      const { sandbox } = harness;
      const held = sandbox.faults.hold({ on: 'submit' });
      const handle = await parse(harness);
      await held.reached;
      await terminate(handle);
      held.release();
      const { jobId } = await accepted(harness);
      const report = await reap(harness);
      if (lists) expect(report.orphans).toMatchObject([{ jobId, foundIn: 'vendor', outcome: 'cancelled' }]);
      else expect(report).toMatchObject({ orphans: [], notes: [expect.stringContaining('no job list') as string] });
      expect(statesOf(sandbox)).toEqual([lists ? 'Cancelled' : expect.not.stringMatching('Cancelled')]);
    });
  });

  it('leaves jobs of living workflows and of other namespaces alone', async () => {
    await within({}, async (harness) => {
      const { sandbox } = harness;
      const alive = await parse(harness);
      await accepted(harness);
      await vendor.parse(sandbox, documents.url('invoice-packet.pdf'), {
        documentJobs: {
          marker: 'x',
          owner: { namespaceId: randomUUID(), workflowId: 'wf', firstExecutionRunId: randomUUID() },
        },
      });
      await vendor.parse(sandbox, documents.url('invoice-packet.pdf'));
      const report = await reap(harness);
      expect(report.orphans).toEqual([]);
      expect(report.owned).toBe(lists ? 1 : 0);
      expect(statesOf(sandbox)).not.toContain('Cancelled');
      await alive.cancel();
      await expect(alive.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    });
  });

  it('tells a workflow that was started anew under the same id from the one that left the job', async () => {
    await within({}, async (harness) => {
      const { sandbox, taskQueue } = harness;
      const first = await parse(harness);
      await accepted(harness);
      await waitUntil(async () => (await timers(first)) > 0, 'the workflow sleeps');
      await terminate(first);
      const second = await env.client.workflow.start('parseOnly', {
        taskQueue,
        workflowId: first.workflowId,
        args: [documents.url('invoice-packet.pdf'), settings],
      });
      await accepted(harness, 2);
      await reap(harness);
      expect(statesOf(sandbox)).toEqual(['Cancelled', expect.not.stringMatching('Cancelled')]);
      await second.terminate();
    });
  });

  it('leaves a job alone that another workflow has attached to with a lease, until that ends too', async () => {
    await within({}, async (harness) => {
      const { sandbox, start } = harness;
      const first = await parse(harness);
      const { jobId } = await accepted(harness);
      await waitUntil(async () => (await timers(first)) > 0, 'the workflow sleeps');
      const attached = await start('attachOnly', 'parse', jobId, settings);
      await waitUntil(async () => (await timers(attached)) > 0, 'the other one sleeps');
      const lease = env.client.workflow.getHandle(`document-job-lease/${vendor.name}/${jobId}/0`);
      await waitUntil(async () => (await lease.describe()).status.name === 'COMPLETED', 'the lease is no work');
      await terminate(first);
      expect(await reap(harness)).toMatchObject({ orphans: [] });
      expect(statesOf(sandbox)).not.toContain('Cancelled');
      await attached.terminate();
      await waitUntil(async () => (await reap(harness)).orphans.length > 0, 'the lease is gone');
      expect(statesOf(sandbox)).toEqual(['Cancelled']);
    });
  });

  it('takes a job without a lease for an orphan, and who attached to it hears of that', async () => {
    await within({}, async (harness) => {
      const first = await parse(harness);
      const { jobId } = await accepted(harness);
      await waitUntil(async () => (await timers(first)) > 0, 'the workflow sleeps');
      const options = { ...settings, polling: { window: 0, expected: 1 }, lease: false };
      const attached = await harness.start('attachOnly', 'parse', jobId, options);
      await terminate(first);
      expect((await reap(harness)).orphans).toMatchObject([{ jobId, outcome: 'cancelled' }]);
      expect(await attached.result().catch(findDocumentFailure)).toMatchObject({
        type: 'DocumentJobCancelledElsewhere',
      });
    });
  });

  it('tries again the next time when the vendor can’t be asked, and is safe twice at once', async () => {
    await within({}, async (harness) => {
      const { sandbox } = harness;
      const handle = await parse(harness);
      await accepted(harness);
      await waitUntil(async () => (await timers(handle)) > 0, 'the workflow sleeps');
      await terminate(handle);
      sandbox.faults.add({ on: 'get', do: 'html-502' });
      const failed = await reap(harness);
      expect(failed).toMatchObject({
        unresolved: 1,
        orphans: [{ outcome: 'unknown', reason: expect.any(String) as string }],
      });
      sandbox.faults.set(stuck.faults);
      const both = await Promise.all([reap(harness), reap(harness)]);
      expect(both.flatMap(({ orphans }) => orphans.map(({ outcome }) => outcome))).toContain('cancelled');
      expect(both.map(({ unresolved }) => unresolved)).toEqual([0, 0]);
      expect(statesOf(sandbox)).toEqual(['Cancelled']);
    });
  });

  it('tells of a finished job whose result nobody has fetched, and cancels nothing', async () => {
    await within({}, async (harness) => {
      const handle = await parse(harness);
      const { jobId } = await accepted(harness);
      await waitUntil(async () => (await timers(handle)) > 0, 'the workflow sleeps');
      await terminate(handle);
      await harness.sandbox.jobs.finish(jobId);
      expect((await reap(harness)).orphans).toMatchObject([{ jobId, outcome: 'completed' }]);
      expect(harness.sandbox.ledger.counts().cancels).toBe(0);
    });
  });

  it('refuses a query that Temporal does not understand, and a duration that is none', async () => {
    await within({}, async ({ start }) => {
      for (const [input, field] of [
        [{ query: 'Nonsense !' }, 'query'],
        [{ since: 'yesterday' }, 'since'],
        [{ minimumAge: 'a bit' }, 'minimumAge'],
      ] as const) {
        const end = (await start('reapOrphanedJobs', input)).result().catch(findDocumentFailure);
        expect(await end).toMatchObject({ type: 'DocumentInputInvalid', details: { field } });
      }
    });
  });

  describe('a workflow that is reset', () => {
    const reset = async (handle: WorkflowHandle, workflowTaskFinishEventId: number): Promise<void> => {
      const { workflowId } = handle;
      await env.client.workflowService.resetWorkflowExecution({
        namespace: 'default',
        workflowExecution: { workflowId },
        reason: 'test',
        requestId: randomUUID(),
        workflowTaskFinishEventId: workflowTaskFinishEventId as never,
      });
    };

    it('to before its submit takes up the job that it had made, where it can be looked for', async () => {
      await within({ sandbox: {} }, async (harness) => {
        const { sandbox } = harness;
        sandbox.durations.set('parse', 3_000);
        const handle = await harness.start('parseOnly', documents.url('invoice-packet.pdf'), {
          ...settings,
          polling: { expected: '2s' },
        });
        await accepted(harness);
        await waitUntil(async () => (await timers(handle)) > 0, 'the workflow sleeps');
        await reset(handle, 4);
        const latest = env.client.workflow.getHandle(handle.workflowId);
        const end = latest.result().catch(findDocumentFailure);
        if (lists) expect(await end).toHaveProperty('reference');
        else expect(await end).toMatchObject({ type: 'DocumentSubmitUnknown' });
        expect(sandbox.ledger.accepted()).toHaveLength(1);
        // Where it can't be looked for, the job that the reset left behind is the reaper's.
        expect((await reap(harness)).orphans).toHaveLength(lists ? 0 : 1);
      });
    });

    const replaced = async (): Promise<void> => {
      const first = { job: { failed: vendor.passing }, operation: 'parse' as Operation, nth: 1 };
      const second = { job: 'stuck' as const, operation: 'parse' as Operation, nth: 2 };
      await within({ sandbox: { faults: [first, second] } }, async (harness) => {
        const { sandbox } = harness;
        sandbox.durations.set('parse', 200);
        const handle = await harness.start('parseOnly', documents.url('invoice-packet.pdf'), {
          ...settings,
          polling: { expected: '1s' },
        });
        const { jobId } = await accepted(harness, 2);
        await waitUntil(async () => (await timers(handle)) > 1, 'the workflow waits for the second job');
        await reset(handle, 4);
        await waitUntil(async () => {
          const status = await env.client.workflow.getHandle(handle.workflowId).query('documentJobsStatus');
          return (status as { jobs: { jobId: string }[] }).jobs.some((job) => job.jobId === jobId);
        }, 'the second job is taken up');
        await sandbox.jobs.finish(jobId);
        expect(await env.client.workflow.getHandle(handle.workflowId).result()).toMatchObject({ jobId });
        expect(sandbox.ledger.accepted()).toHaveLength(2);
      });
    };
    // Where it can't be looked for, the first job's submit is unknown already.
    if (lists) it('after the vendor failed its first job takes up the one that replaced it', replaced);
  });
});

it('a scheduled sweep goes on where the last one left off', async () => {
  const harness = await createHarness(env);
  const scheduleId = `reaper-${randomUUID()}`;
  const schedule = env.client.schedule.getHandle(scheduleId);
  try {
    const options = { scheduleId, taskQueue: harness.taskQueue, every: '2 seconds' as const, input: { accounts: [] } };
    expect(await scheduleReaper(env.client, options)).toBe('created');
    expect(await scheduleReaper(env.client, options)).toBe('updated');
    const runs = async () => (await schedule.describe()).info.recentActions.map(({ action }) => action.workflow);
    await waitUntil(async () => (await runs()).length >= 2, 'two sweeps have begun', 20_000);
    const reports = await Promise.all(
      (await runs()).slice(0, 2).map(async ({ workflowId, firstExecutionRunId }) => {
        const run = env.client.workflow.getHandle(workflowId, firstExecutionRunId);
        return (await run.result()) as ReapReport;
      }),
    );
    const [first, second] = reports.map(({ sweptFrom, sweptUntil }) => [Date.parse(sweptFrom), Date.parse(sweptUntil)]);
    expect(first?.[0]).toBe((first?.[1] ?? 0) - 24 * 3_600_000);
    expect(second?.[0]).toBe((first?.[1] ?? 0) - 65 * 60_000);
  } finally {
    await schedule.delete();
    await harness.stop();
  }
});

async function timers(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.timerStartedEventAttributes != null).length;
}
