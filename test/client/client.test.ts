import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import {
  cancelDocument,
  documentEnd,
  type DocumentUpdate,
  followDocument,
  historyCost,
  readReceipt,
  startDocument,
} from '../../src/client/index.js';
import type { DocumentActivities } from '../../src/jobs/activities.js';
import { failure, mockDocumentActivities } from '../../src/testing/index.js';
import { createDevServerEnv } from '../support/temporal.js';

let env: TestWorkflowEnvironment;
let taskQueue: string;
let stopWorker: () => Promise<void>;
beforeAll(async () => {
  env = await createDevServerEnv();
});
afterAll(() => env.teardown());
beforeEach(() => {
  taskQueue = `client-${randomUUID()}`;
  stopWorker = async () => undefined;
});
afterEach(() => stopWorker());

async function startWorker(activities: DocumentActivities): Promise<void> {
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: inject('bundlePath') },
    activities,
  });
  const running = worker.run();
  stopWorker = async () => {
    stopWorker = async () => undefined;
    worker.shutdown();
    await running;
  };
}

const input = { source: 'https://example.com/a.pdf' };
const start = (workflowId: string) => startDocument(env.client, input, { workflowId, taskQueue });

async function follow(workflowId: string, onUpdate: (update: DocumentUpdate) => void = () => undefined) {
  const updates: DocumentUpdate[] = [];
  for await (const update of followDocument(env.client, workflowId)) {
    updates.push(update);
    onUpdate(update);
  }
  return updates;
}

/** The mock, whose jobs go on until released or cancelled. */
function heldActivities(): { activities: DocumentActivities; release: () => void } {
  const mock = mockDocumentActivities({ parse: {} });
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const activities: DocumentActivities = {
    ...mock,
    async pollDocumentJob(poll) {
      await gate;
      return mock.pollDocumentJob(poll);
    },
  };
  return { activities, release };
}

describe('a document', { timeout: 60_000 }, () => {
  it('is started once, joined while it runs, and answered from its result afterwards', async () => {
    const { activities, release } = heldActivities();
    await startWorker(activities);
    const workflowId = randomUUID();
    expect(await start(workflowId)).toEqual({ workflowId, existing: 'no' });
    expect(await start(workflowId)).toEqual({ workflowId, existing: 'running' });
    const updates = await follow(workflowId, (update) => {
      if (update.kind === 'status' && update.status.jobs[0]?.jobId != null) release();
    });
    expect(updates[0]?.kind).toBe('status');
    expect(updates.at(-1)).toMatchObject({ kind: 'result', result: { status: 'complete' } });
    expect(await start(workflowId)).toEqual({ workflowId, existing: 'completed' });

    const history = await env.client.workflow.getHandle(workflowId).fetchHistory();
    const { events, actions } = historyCost(history);
    expect(events).toBe(history.events?.length);
    expect(actions).toBeGreaterThanOrEqual(3); // its start, a submit, a poll
    expect(actions).toBeLessThanOrEqual(6);
  });

  it('that failed tells why, and may be started again', async () => {
    await startWorker(mockDocumentActivities({ parse: failure('DocumentJobFailed', { code: 'X', reason: 'broken' }) }));
    const workflowId = randomUUID();
    await start(workflowId);
    expect((await follow(workflowId)).at(-1)).toMatchObject({
      kind: 'failed',
      failure: { type: 'DocumentJobFailed', details: { operation: 'parse', vendorCode: 'X', reason: 'broken' } },
      receipt: { jobs: [{ operation: 'parse', outcome: 'failed' }] },
    });
    expect(await start(workflowId)).toMatchObject({ existing: 'no' });
  });

  it('that was cancelled leaves a receipt that needs no worker to be read', async () => {
    const { activities, release } = heldActivities();
    await startWorker(activities);
    const workflowId = randomUUID();
    await start(workflowId);
    const updates = await follow(workflowId, (update) => {
      if (update.kind === 'status' && update.status.jobs[0]?.jobId != null) void cancelDocument(env.client, workflowId);
    });
    expect(updates.at(-1)).toMatchObject({ kind: 'cancelled', receipt: { jobs: [{ outcome: 'cancelled' }] } });
    release();
    await stopWorker();
    expect(await readReceipt(env.client, workflowId)).toMatchObject({ submits: 1 });
    await expect(cancelDocument(env.client, workflowId)).resolves.toBeUndefined();
  });

  it('that no worker answers for is told as such, and that it was terminated', async () => {
    const workflowId = randomUUID();
    await start(workflowId);
    const updates = await follow(workflowId, (update) => {
      if (update.kind === 'unanswered') void env.client.workflow.getHandle(workflowId).terminate();
    });
    expect(updates).toEqual([
      { kind: 'unanswered', taskQueue },
      { kind: 'failed', failure: expect.objectContaining({ type: 'WorkflowTerminated' }) as object, receipt: null },
    ]);
  });

  it('that never was is an error', async () => {
    await expect(follow('never')).rejects.toThrow(expect.objectContaining({ name: 'WorkflowNotFoundError' }) as Error);
    await expect(documentEnd(env.client, 'never')).rejects.toThrow();
  });

  it('can be left', async () => {
    const workflowId = randomUUID();
    await start(workflowId);
    const leave = new AbortController();
    const updates: DocumentUpdate[] = [];
    for await (const update of followDocument(env.client, workflowId, { signal: leave.signal })) {
      updates.push(update);
      leave.abort();
    }
    expect(updates).toEqual([{ kind: 'unanswered', taskQueue }]);
    await env.client.workflow.getHandle(workflowId).terminate();
  });
});
