import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { MAILBOX_WORKFLOW, WEBHOOK_SIGNAL } from '../../src/jobs/names.js';
import { mailboxWorkflowId, type WebhookSignal } from '../../src/jobs/webhook.js';
import { deferred } from '../support/deferred.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { type Harness, type HarnessOptions, withHarness } from '../support/harness.js';
import { createTimeSkipping } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';
import { waitUntil } from '../support/wait-until.js';

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
beforeAll(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterAll(async () => {
  await env.teardown();
  await documents.close();
});

type Handle = WorkflowHandleWithFirstExecutionRunId;

/** A vendor that calls, and whose jobs end when the test says so. */
const CALLING: HarnessOptions = { webhook: { mode: 'svix' }, sandbox: { faults: [{ job: 'stuck' }] } };

/** Not by a query, which would be a workflow task in the history. */
const isAsleep = async (handle: Handle): Promise<boolean> => timersOf(await handle.fetchHistory()) > 0;

const readsOf = ({ sandbox }: Harness): number => sandbox.ledger.counts().reads;

function call(handle: Handle, jobId: string, over: Partial<WebhookSignal> = {}): Promise<void> {
  const { firstExecutionRunId } = handle;
  const signal: WebhookSignal = { provider: 'reducto', account: 'reducto', jobId, firstExecutionRunId, ...over };
  return handle.signal(WEBHOOK_SIGNAL, signal);
}

/** Starts a parse and waits until its workflow sleeps. @returns the job's id. */
async function startAsleep(harness: Harness, options: object = {}): Promise<{ handle: Handle; jobId: string }> {
  const handle = await harness.start('parseOnly', documents.url('invoice-packet.pdf'), options);
  await waitUntil(() => isAsleep(handle), 'the workflow sleeps');
  const jobId = harness.sandbox.ledger.jobs().at(-1)?.jobId ?? '';
  return { handle, jobId };
}

describe('a job whose vendor calls', () => {
  it('is read once, when the call comes, however long it took', async () => {
    await withHarness(env, CALLING, async (harness) => {
      const { handle, jobId } = await startAsleep(harness);
      await env.sleep('30 minutes');
      expect(readsOf(harness)).toBe(0);
      await harness.sandbox.jobs.finish(jobId);
      await call(handle, jobId);
      expect(await handle.result()).toMatchObject({ jobId });
      expect(readsOf(harness)).toBe(1);
      expect((await handle.fetchHistory()).events?.length).toBeLessThanOrEqual(25);
    });
  });

  it('is asked for it in the submit, and not when the call is switched off', async () => {
    await withHarness(env, CALLING, async (harness) => {
      for (const webhooks of [true, false]) {
        const { handle, jobId } = await startAsleep(harness, { webhooks, polling: { window: 0, expected: '1h' } });
        const config = await configOf(harness, jobId);
        expect((config.async as { webhook?: object }).webhook).toEqual(webhooks ? { mode: 'svix' } : undefined);
        await harness.sandbox.jobs.finish(jobId);
        await call(handle, jobId);
        await handle.result();
      }
    });
  });

  it('may call before its submit has told its id', async () => {
    const started = deferred<[Harness, Handle]>();
    const wrap: NonNullable<HarnessOptions['wrap']> = (activities) => ({
      ...activities,
      async submitDocumentJob(input) {
        const output = await activities.submitDocumentJob(input);
        if (output.outcome !== 'accepted') throw new Error(output.reason);
        const [{ sandbox }, handle] = await started.promise;
        await sandbox.jobs.finish(output.jobId);
        await call(handle, output.jobId);
        return output;
      },
    });
    await withHarness(env, { ...CALLING, wrap }, async (harness) => {
      const handle = await harness.start('parseOnly', documents.url('invoice-packet.pdf'));
      started.resolve([harness, handle]);
      await handle.result();
      expect(readsOf(harness)).toBe(1);
      expect(timersOf(await handle.fetchHistory())).toBe(0);
    });
  });

  it('is found by a look when the call got lost', async () => {
    await withHarness(env, CALLING, async (harness) => {
      const { handle, jobId } = await startAsleep(harness);
      await harness.sandbox.jobs.finish(jobId);
      const from = await env.currentTimeMs();
      await handle.result();
      expect(readsOf(harness)).toBe(1);
      // A sixteenth of the twelve hours for which the vendor keeps results, and a little spread.
      expect(Math.abs((await tookSince(handle, from)) / 60_000 - 48)).toBeLessThan(4);
    });
  });

  it('is polled as ever once three calls in a row got lost, until one comes', async () => {
    await withHarness(env, CALLING, async (harness) => {
      for (let lost = 0; lost < 3; lost++) {
        const { handle, jobId } = await startAsleep(harness);
        await harness.sandbox.jobs.finish(jobId);
        await handle.result();
      }
      const polled = await startAsleep(harness, { polling: { window: 0, expected: '10m' } });
      await env.sleep('12 minutes');
      expect(readsOf(harness), 'three looks, and one that came by itself').toBeGreaterThan(3);
      await harness.sandbox.jobs.finish(polled.jobId);
      await call(polled.handle, polled.jobId);
      await polled.handle.result();
      const before = readsOf(harness);
      const believed = await startAsleep(harness, { polling: { window: 0, expected: '10m' } });
      await env.sleep('30 minutes');
      expect(readsOf(harness)).toBe(before);
      await harness.sandbox.jobs.finish(believed.jobId);
      await call(believed.handle, believed.jobId);
      await believed.handle.result();
    });
  });

  it('is not hurt by calls that are doubled, late, for another job, for another run, or of no sense', async () => {
    await withHarness(env, CALLING, async (harness) => {
      const { handle, jobId } = await startAsleep(harness, { polling: { window: 0 } });
      await call(handle, randomUUID());
      await call(handle, jobId, { firstExecutionRunId: randomUUID() });
      for (const nonsense of [null, 'call', { jobId: 7 }]) await handle.signal(WEBHOOK_SIGNAL, nonsense);
      await env.sleep('10 minutes');
      expect(readsOf(harness)).toBe(0);
      await harness.sandbox.jobs.finish(jobId);
      await Promise.all([call(handle, jobId), call(handle, jobId), call(handle, jobId)]);
      expect(await handle.result()).toMatchObject({ jobId });
      expect(readsOf(harness)).toBeLessThanOrEqual(2);
      expect(harness.sandbox.ledger.jobs()).toHaveLength(1);
    });
  });

  it('that called too early is polled from then on', async () => {
    await withHarness(env, CALLING, async (harness) => {
      const { handle, jobId } = await startAsleep(harness, { polling: { window: 0 } });
      await env.sleep('8 minutes');
      await call(handle, jobId);
      await waitUntil(() => readsOf(harness) > 0, 'the job is read');
      await harness.sandbox.jobs.finish(jobId);
      const from = await env.currentTimeMs();
      await handle.result();
      // A quarter of the time waited so far, as without webhooks.
      expect(await tookSince(handle, from)).toBeLessThan(5 * 60_000);
    });
  });

  it('ends at its deadline, and by a cancel, as any other', async () => {
    await withHarness(env, CALLING, async (harness) => {
      const late = await startAsleep(harness, { deadline: '20 minutes', polling: { window: 0, cancelSettle: '5s' } });
      await expect(late.handle.result()).rejects.toMatchObject({
        cause: { type: 'DocumentJobDeadlineExceeded', details: [{ outcome: 'cancelled' }] },
      });
      const cancelled = await startAsleep(harness, { polling: { window: 0, cancelSettle: '5s' } });
      await cancelled.handle.cancel();
      await expect(cancelled.handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      expect(harness.sandbox.ledger.jobs().map(({ state }) => state)).toEqual(['Cancelled', 'Cancelled']);
    });
  });
});

describe('a vendor whose calls name the job alone', () => {
  const BY_ID: HarnessOptions = { ...CALLING, vendor: VENDORS[1] };
  const PULSE = { provider: 'pulse', account: 'pulse' };

  /** As the receiver does it. */
  async function callMailbox({ env, taskQueue }: Harness, jobId: string): Promise<void> {
    const job = { ...PULSE, jobId };
    await env.client.workflow.signalWithStart(MAILBOX_WORKFLOW, {
      workflowId: mailboxWorkflowId(job),
      taskQueue,
      args: [job],
      signal: WEBHOOK_SIGNAL,
      signalArgs: [job],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
  }

  it('reaches the workflow by the job’s mailbox, and leaves nothing behind', async () => {
    await withHarness(env, BY_ID, async (harness) => {
      const { handle, jobId } = await startAsleep(harness, { provider: 'pulse' });
      await harness.sandbox.jobs.finish(jobId);
      await callMailbox(harness, jobId);
      expect(await handle.result()).toMatchObject({ jobId });
      expect(readsOf(harness)).toBe(1);
      const mailbox = env.client.workflow.getHandle(mailboxWorkflowId({ ...PULSE, jobId }));
      expect(await mailbox.result()).toBe('delivered');
      // What comes late makes no second one.
      await expect(callMailbox(harness, jobId)).rejects.toThrow();
    });
  });

  it('may come before anybody waits', async () => {
    const started = deferred<Harness>();
    const wrap: NonNullable<HarnessOptions['wrap']> = (activities) => ({
      ...activities,
      async submitDocumentJob(input) {
        const harness = await started.promise;
        const jobs = harness.sandbox.ledger.jobs();
        const output = activities.submitDocumentJob(input);
        await waitUntil(() => harness.sandbox.ledger.jobs().length > jobs.length, 'the job is accepted');
        const { jobId = '' } = harness.sandbox.ledger.jobs().at(-1) ?? {};
        await harness.sandbox.jobs.finish(jobId);
        await callMailbox(harness, jobId);
        return output;
      },
    });
    await withHarness(env, { ...BY_ID, wrap }, async (harness) => {
      started.resolve(harness);
      const handle = await harness.start('parseOnly', documents.url('invoice-packet.pdf'), { provider: 'pulse' });
      await handle.result();
      expect(readsOf(harness)).toBe(1);
    });
  });

  it('is kept for a bounded time when nobody waits for the job', async () => {
    await withHarness(env, BY_ID, async (harness) => {
      const jobId = randomUUID();
      await callMailbox(harness, jobId);
      const mailbox = env.client.workflow.getHandle(mailboxWorkflowId({ ...PULSE, jobId }));
      expect(await mailbox.result()).toBe('expired');
      const { startTime, closeTime } = await mailbox.describe();
      expect(Math.round((Number(closeTime) - Number(startTime)) / 60_000)).toBe(60);
    });
  });
});

async function configOf({ sandbox }: Harness, jobId: string): Promise<Record<string, unknown>> {
  const { baseUrl, apiKey } = sandbox.reducto;
  const reply = await fetch(`${baseUrl}/jobs?limit=50`, { headers: { authorization: `Bearer ${apiKey}` } });
  const { jobs } = (await reply.json()) as { jobs: { job_id: string; raw_config: string }[] };
  return JSON.parse(jobs.find((one) => one.job_id === jobId)?.raw_config ?? '{}') as Record<string, unknown>;
}

/** The server's time goes on skipping for a moment after the end. */
const tookSince = async (handle: Handle, from: number): Promise<number> =>
  Number((await handle.describe()).closeTime) - from;

const timersOf = ({ events }: Awaited<ReturnType<Handle['fetchHistory']>>): number =>
  (events ?? []).filter((event) => event.timerStartedEventAttributes != null).length;
