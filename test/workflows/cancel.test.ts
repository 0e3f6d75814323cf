import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore, type ResultStore } from '../../src/index.js';
import type { Receipt } from '../../src/jobs/types.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { createHarness, type Harness, type HarnessOptions, withHarness } from '../support/harness.js';
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
const SECTIONS = [{ name: 'Invoice', description: 'invoice with line items and total' }];
const SCHEMA = { type: 'object', properties: { invoice_number: { type: ['string', 'null'] } } };

async function expectCancelled(handle: WorkflowHandle): Promise<Receipt> {
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  return (await handle.describe()).memo?.documentReceipt as Receipt;
}

const countOf = async (handle: WorkflowHandle, attributes: string): Promise<number> => {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event[attributes as keyof typeof event] != null).length;
};
/** Asleep between two looks. */
const sleeps = (handle: WorkflowHandle): Promise<void> =>
  waitUntil(async () => (await countOf(handle, 'timerStartedEventAttributes')) > 0, 'the workflow sleeps');
/** Of Temporal's `PendingActivityState`. */
const STARTED = 2;

/** In a poll window. */
const polls = (handle: WorkflowHandle): Promise<void> =>
  waitUntil(async () => {
    const { pendingActivities } = (await handle.describe()).raw;
    return (pendingActivities ?? []).some(
      (one) => one.activityType?.name === 'pollDocumentJob' && Number(one.state) === STARTED,
    );
  }, 'the workflow polls');

describe.each(VENDORS)('with $name, a user’s cancel', (vendor) => {
  const within = (options: HarnessOptions, test: (harness: Harness) => Promise<void>): Promise<void> =>
    withHarness(env, { vendor, sandbox: stuck, ...options }, test);
  const waiting = { expected: '1h', cancelSettle: '5s' };
  const polling = { expected: 1, cancelSettle: '5s' };
  const input = (over: object = {}) => ({
    source: documents.url('invoice-packet.pdf'),
    provider: vendor.name,
    polling: waiting,
    ...over,
  });

  it.each([
    ['asleep', waiting, sleeps],
    ['in a poll window', polling, polls],
  ])('reaches the vendor within two seconds while the workflow is %s', async (_stage, how, ready) => {
    await within({}, async ({ start, sandbox }) => {
      const handle = await start('processDocument', input({ polling: how }));
      await ready(handle);
      const asked = sandbox.faults.hold({ on: 'cancel' });
      const at = Date.now();
      await handle.cancel();
      await asked.reached;
      expect(Date.now() - at).toBeLessThan(2_000);
      asked.release();
      expect(await expectCancelled(handle)).toMatchObject({ jobs: [{ operation: 'parse', outcome: 'cancelled' }] });
      expect(sandbox.ledger.jobs().map(({ state }) => state)).toEqual(['Cancelled']);
    });
  });

  it('while the POST is on its way, and its reply is lost, finds the job and cancels it', async () => {
    const lost = { faults: [...stuck.faults, { on: 'submit' as const, do: 'drop-after-accept' as const }] };
    await within({ sandbox: lost }, async ({ start, sandbox }) => {
      const held = sandbox.faults.hold({ on: 'submit' });
      const handle = await start('processDocument', input());
      await held.reached;
      await handle.cancel();
      held.release();
      const looks = vendor.provider(sandbox).findJob !== undefined;
      if (!looks) {
        await expect(handle.result()).rejects.toThrow();
        const receipt = (await handle.describe()).memo?.documentReceipt as Receipt;
        expect(receipt.jobs).toMatchObject([{ jobId: null, unknownSubmits: 1, outcome: 'unknown' }]);
        return;
      }
      expect((await expectCancelled(handle)).jobs).toMatchObject([{ adopted: true, submits: 1, outcome: 'cancelled' }]);
      expect(sandbox.ledger.jobs().map(({ state }) => state)).toEqual(['Cancelled']);
    });
  });

  it('between two attempts of a submit waits for the second, which knows the job of the first', async () => {
    let attempts = 0;
    const failsOnce: HarnessOptions['wrap'] = (activities) => ({
      ...activities,
      async submitDocumentJob(input) {
        const output = await activities.submitDocumentJob(input);
        if (attempts++ > 0) return output;
        throw ApplicationFailure.create({ message: 'this worker is going down', nextRetryDelay: '2 seconds' });
      },
    });
    await within({ wrap: failsOnce }, async ({ start, sandbox }) => {
      const handle = await start('processDocument', input());
      await waitUntil(async () => {
        const { pendingActivities } = (await handle.describe()).raw;
        return (pendingActivities ?? []).some(({ attempt, state }) => attempt === 2 && Number(state) !== STARTED);
      }, 'the first attempt has failed');
      await handle.cancel();
      const { jobs } = await expectCancelled(handle);
      const [job, ...more] = sandbox.ledger.jobs();
      expect(jobs).toMatchObject([{ jobId: job?.jobId, outcome: 'cancelled' }]);
      expect([job?.state, more]).toEqual(['Cancelled', []]);
    });
  });

  it('while the result is copied keeps it: the receipt says where it is', async () => {
    let copying = (): void => undefined;
    let goOn = (): void => undefined;
    const begun = new Promise<void>((resolve) => (copying = resolve));
    const released = new Promise<void>((resolve) => (goOn = resolve));
    const inner = memoryStore();
    const store: ResultStore = {
      ...inner,
      async put(...args) {
        copying();
        await released;
        return inner.put(...args);
      },
    };
    await within({ sandbox: {}, store }, async ({ start }) => {
      const handle = await start('processDocument', input({ polling }));
      await begun;
      await handle.cancel();
      await waitUntil(
        async () => (await countOf(handle, 'workflowExecutionCancelRequestedEventAttributes')) > 0,
        'it is asked',
      );
      goOn();
      const { jobs } = await expectCancelled(handle);
      expect(jobs).toMatchObject([{ outcome: 'completed_anyway', stored: { key: expect.any(String) as string } }]);
      expect(await inner.head(jobs[0]?.stored?.key ?? '')).not.toBeNull();
    });
  });

  it('of a document that extracts and splits reaches both jobs', async () => {
    const faults = (['extract', 'split'] as const).map((operation) => ({ job: 'stuck' as const, operation }));
    await within({ sandbox: { faults } }, async ({ start, sandbox }) => {
      const handle = await start('processDocument', input({ polling, schema: SCHEMA, sections: SECTIONS }));
      await waitUntil(() => sandbox.ledger.jobs().length === 3, 'both are accepted');
      await polls(handle);
      await handle.cancel();
      await expectCancelled(handle);
      const states = sandbox.ledger.jobs().map(({ operation, state }) => `${operation} ${state}`);
      expect(states.sort()).toEqual(['extract Cancelled', 'parse Completed', 'split Cancelled']);
    });
  });

  it('of its parent reaches a child that is asked to cancel with it', async () => {
    const harness = await createHarness(env, { vendor, sandbox: stuck });
    try {
      const { start, sandbox } = harness;
      const parent = await start('parentOfDocument', documents.url('invoice-packet.pdf'), {
        provider: vendor.name,
        polling: waiting,
      });
      await waitUntil(() => sandbox.ledger.jobs().length === 1, 'the job is accepted');
      await parent.signal('end');
      const child = env.client.workflow.getHandle((await parent.result()) as string);
      expect((await expectCancelled(child)).jobs).toMatchObject([{ outcome: 'cancelled' }]);
      expect(sandbox.ledger.jobs().map(({ state }) => state)).toEqual(['Cancelled']);
    } finally {
      await harness.stop();
    }
  });

  it('ends at once when the vendor is down and has accepted nothing', async () => {
    const harness = await createHarness(env, { vendor });
    try {
      // Nobody listens there any more.
      await harness.sandbox.close();
      const handle = await harness.start('processDocument', input());
      await sleeps(handle);
      const at = Date.now();
      await handle.cancel();
      await expectCancelled(handle).catch(() => undefined);
      expect(Date.now() - at).toBeLessThan(2_000);
      expect((await handle.describe()).status.name).toBe('CANCELLED');
    } finally {
      await harness.stop();
    }
  });
});

describe.each(VENDORS)('with $name, the vendor’s job is not cancelled by', (vendor) => {
  const within = (test: (harness: Harness) => Promise<void>): Promise<void> =>
    withHarness(env, { vendor, sandbox: stuck }, test);
  const settings = { provider: vendor.name, polling: { expected: 1, cancelSettle: '5s' } };
  const parse = ({ start }: Harness): Promise<WorkflowHandle> =>
    start('parseOnly', documents.url('invoice-packet.pdf'), settings);
  /** Lets the job end now, and the workflow with it. */
  async function finish({ sandbox }: Harness, handle: WorkflowHandle): Promise<void> {
    const [job] = sandbox.ledger.jobs();
    expect(sandbox.ledger.counts().cancels).toBe(0);
    await sandbox.jobs.finish(job?.jobId ?? '');
    expect(await handle.result()).toMatchObject({ jobId: job?.jobId });
    expect(sandbox.ledger.accepted()).toHaveLength(1);
  }
  const poll = async (handle: WorkflowHandle) => {
    await polls(handle);
    const { pendingActivities } = (await handle.describe()).raw;
    return {
      namespace: 'default',
      execution: { workflowId: handle.workflowId },
      id: pendingActivities?.[0]?.activityId,
    };
  };

  it('a worker that is shut down in a poll window', async () => {
    await within(async (harness) => {
      const handle = await parse(harness);
      await polls(handle);
      await harness.restartWorker();
      await polls(handle);
      await finish(harness, handle);
    });
  });

  it('an activity that is paused and goes on', async () => {
    await within(async (harness) => {
      const handle = await parse(harness);
      const activity = await poll(handle);
      await env.client.workflowService.pauseActivity(activity as never);
      await waitUntil(
        async () => (await handle.describe()).raw.pendingActivities?.[0]?.paused === true,
        'it is paused',
      );
      await env.client.workflowService.unpauseActivity({ ...activity, resetAttempts: false } as never);
      await finish(harness, handle);
    });
  });

  it('an activity that is reset', async () => {
    await within(async (harness) => {
      const handle = await parse(harness);
      await env.client.workflowService.resetActivity((await poll(handle)) as never);
      await finish(harness, handle);
    });
  });

  it('continue-as-new, and who attaches to it takes it over', async () => {
    await within(async (harness) => {
      const { start, sandbox } = harness;
      const handle = await start('handsItsJobOver', documents.url('invoice-packet.pdf'), settings);
      await waitUntil(() => sandbox.ledger.jobs().length === 1, 'the job is accepted');
      await polls(handle);
      const jobId = sandbox.ledger.jobs()[0]?.jobId ?? '';
      await handle.signal('goOn', jobId);
      const latest = env.client.workflow.getHandle(handle.workflowId);
      await waitUntil(async () => (await latest.describe()).runId !== handle.firstExecutionRunId, 'a new run began');
      expect(sandbox.ledger.counts().cancels).toBe(0);
      await sandbox.jobs.finish(jobId);
      expect(await latest.result()).toBe(jobId);
      expect(sandbox.ledger.counts().cancels).toBe(0);
    });
  });
});
