import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BatchChange, BatchStatus } from '../../src/jobs/batch.js';
import { BATCH_MEMO, BATCH_UPDATE } from '../../src/jobs/names.js';
import { createDevServerEnv } from '../support/temporal.js';
import { waitUntil } from '../support/wait-until.js';
import { type BatchStand, createBatchStand, listed, type StandOptions } from './batch-stand.js';

let env: TestWorkflowEnvironment;
let stand: BatchStand;
beforeAll(async () => {
  env = await createDevServerEnv();
});
afterEach(() => stand.close());
afterAll(() => env.teardown());

const open = async (options: StandOptions): Promise<BatchStand> => (stand = await createBatchStand(env, options));
const hold = (index: number) => ({ source: `https://example.test/hold-${index}.pdf` });
const change = (handle: WorkflowHandle, asked: BatchChange): Promise<BatchStatus> =>
  handle.executeUpdate<BatchStatus, [BatchChange]>(BATCH_UPDATE, { args: [asked] });

/** Cancels of other workflows that were asked for and not answered yet, at most. */
async function mostPending(handle: WorkflowHandle): Promise<number> {
  let [pending, most] = [0, 0];
  for (const event of (await handle.fetchHistory()).events ?? []) {
    if (event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes != null) most = Math.max(most, ++pending);
    if (event.externalWorkflowExecutionCancelRequestedEventAttributes != null) pending--;
    if (event.requestCancelExternalWorkflowExecutionFailedEventAttributes != null) pending--;
  }
  return most;
}

describe('a batch that is cancelled', () => {
  it('cancels 300 documents, at most 200 at a time, and ends when each has ended', async () => {
    const { start, until, cancelled, rows, submitted } = await open({ lists: { all: listed(310, hold) } });
    const handle = await start({ list: 'all', window: 300 });
    await until(handle, '300 run', ({ running }) => running === 300);
    await waitUntil(() => submitted.length === 300, 'all are submitted', 120_000);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(cancelled).toHaveLength(300);
    expect(rows(handle)).toHaveLength(300);
    expect(rows(handle).every(({ state, jobs }) => state === 'cancelled' && jobs[0]?.outcome === 'cancelled')).toBe(
      true,
    );
    const status = (await handle.describe()).memo?.[BATCH_MEMO] as BatchStatus;
    expect(status).toMatchObject({ stage: 'ended', running: 0, ended: { cancelled: 300, not_started: 10 } });
    const most = await mostPending(handle);
    expect(most).toBeLessThanOrEqual(200);
    expect(most).toBeGreaterThan(100);
  }, 240_000);

  it('by an update completes; documents carried from an earlier run are cancelled too', async () => {
    const quick = listed(20).map((one) => ({ ...one, id: `quick-${one.id}` }));
    const { start, until, cancelled, rows, submitted } = await open({
      lists: { all: [...listed(5, hold), ...quick, ...listed(3, (n) => ({ id: `late-${n}`, ...hold(n + 100) }))] },
    });
    const handle = await start({ list: 'all', window: 8, eventsPerRun: 60 });
    await until(handle, 'all held ones run', ({ running, ended }) => running === 8 && ended.done === 20);
    await waitUntil(() => submitted.length === 28, 'all are submitted');
    expect((await env.client.workflow.getHandle(handle.workflowId).describe()).runId).not.toBe(
      handle.firstExecutionRunId,
    );
    expect(await change(handle, { cancel: true })).toMatchObject({ stage: 'cancelling' });
    await expect(change(handle, { paused: false })).rejects.toThrow();
    expect(await handle.result()).toMatchObject({ stage: 'ended', running: 0, ended: { done: 20, cancelled: 8 } });
    expect(cancelled).toHaveLength(8);
    expect(rows(handle)).toHaveLength(28);
  });

  it('while it is planned, ends at once', async () => {
    const { start } = await open({ lists: { all: listed(1) } });
    const handle = await start({ list: 'all' }, { startDelay: '2s' });
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect((await handle.describe()).memo?.[BATCH_MEMO]).toMatchObject({ stage: 'ended', documents: null });
  });
});

describe('a document of a batch', () => {
  it.each([
    ['is terminated', (child: WorkflowHandle) => child.terminate('by hand'), 'failed', 'WorkflowTerminated'],
    ['is cancelled by somebody', (child: WorkflowHandle) => child.cancel(), 'cancelled', undefined],
  ])('that %s is recorded, and the batch goes on', async (_what, act, state, type) => {
    const { start, until, release, rows, submitted } = await open({ lists: { all: listed(3, hold) } });
    const handle = await start({ list: 'all' });
    const { slowest } = await until(handle, 'all run', ({ running }) => running === 3);
    await waitUntil(() => submitted.length === 3, 'all are submitted');
    const [first, ...others] = slowest;
    await act(env.client.workflow.getHandle(first?.workflowId ?? ''));
    for (const { workflowId } of others) await release(workflowId);
    expect(await handle.result()).toMatchObject({ ended: { done: 2, [state]: 1 } });
    const [row] = rows(handle);
    expect(row).toMatchObject({ state });
    expect(row?.error?.type).toBe(type);
  });
});
