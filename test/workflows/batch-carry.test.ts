import { resolve } from 'node:path';
import type { WorkflowHandle, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BatchChange, BatchStatus } from '../../src/jobs/batch.js';
import { BATCH_UPDATE } from '../../src/jobs/names.js';
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
const resultOf = async (handle: WorkflowHandle): Promise<BatchStatus> => (await handle.result()) as BatchStatus;
const hold = (index: number) => ({ source: `https://example.test/hold-${index}.pdf` });
const change = (handle: WorkflowHandle, asked: BatchChange): Promise<BatchStatus> =>
  handle.executeUpdate<BatchStatus, [BatchChange]>(BATCH_UPDATE, { args: [asked] });

/** Every run of the workflow, in order. */
async function runsOf(handle: WorkflowHandleWithFirstExecutionRunId): Promise<WorkflowHandle[]> {
  const runs: WorkflowHandle[] = [];
  for (let runId: string | null | undefined = handle.firstExecutionRunId; runId;) {
    const run: WorkflowHandle = env.client.workflow.getHandle(handle.workflowId, runId);
    runs.push(run);
    const { events } = await run.fetchHistory();
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return runs;
}

describe('a batch that goes on as a new run', () => {
  it('carries what is under way, loses nothing, counts nothing twice, and every run replays', async () => {
    const make = (index: number) => (index % 10 === 3 ? { source: `https://example.test/fail-${index}.pdf` } : {});
    const { start, rows, submitted, running } = await open({ lists: { all: listed(60, make) }, jobMs: 1_500 });
    const handle = await start({ list: 'all', window: 20, eventsPerRun: 100 });
    const status = await resultOf(handle);
    expect(status).toMatchObject({ stage: 'ended', started: 60, running: 0, reused: 0, pages: 108 });
    expect(status.ended).toMatchObject({ done: 54, failed: 6 });
    expect(status.errors).toEqual({ DocumentJobFailed: 6 });
    expect(rows(handle).map(({ index }) => index)).toEqual([...Array(60).keys()]);
    expect(rows(handle)[3]).toMatchObject({
      state: 'failed',
      error: { type: 'DocumentJobFailed', vendorCode: 'DOCUMENT_CORRUPT', operation: 'parse' },
      jobs: [{ operation: 'parse', outcome: 'failed' }],
    });
    expect([...submitted].sort()).toEqual([...new Set(submitted)].sort());
    expect(running.most).toBeLessThanOrEqual(20);
    const runs = await runsOf(handle);
    expect(runs.length).toBeGreaterThan(1);
    const { code } = await bundleWorkflowCode({
      workflowsPath: resolve('src/workflows/index.ts'),
      logger: new DefaultLogger('ERROR'),
    });
    let events = 0;
    for (const run of runs) {
      const history = await run.fetchHistory();
      events += history.events?.length ?? 0;
      await Worker.runReplayHistory({ workflowBundle: { code } }, history, handle.workflowId);
    }
    expect(events / 60).toBeLessThanOrEqual(15);
  });

  it('keeps to what was changed, across runs and workers without a cache', async () => {
    const { start, until, release, rows } = await open({
      lists: { all: [...listed(6, hold), ...listed(16).map((one) => ({ ...one, id: `more-${one.id}` }))] },
      worker: { maxCachedWorkflows: 0 },
    });
    const handle = await start({ list: 'all', window: 12, eventsPerRun: 60 });
    await until(handle, 'the quick ones have ended', ({ ended }) => ended.done === 16);
    await change(handle, { paused: true, window: 7, budget: { credits: 5 } });
    const before = await stand.status(handle);
    expect(before).toMatchObject({ running: 6, window: 7, budget: { credits: 5 } });
    for (const { workflowId } of before.slowest) await release(workflowId);
    expect(await resultOf(handle)).toMatchObject({ ended: { done: 22 }, window: 7 });
    expect(rows(handle)).toHaveLength(22);
    expect((await runsOf(handle)).length).toBeGreaterThan(1);
  });
});

describe('documents that exist already', () => {
  it('are not paid again: the same manifest twice, and once more by force', async () => {
    const { start, submitted, rows } = await open({ lists: { all: listed(20) } });
    await resultOf(await start({ list: 'all' }));
    const second = await start({ list: 'all' });
    expect(await resultOf(second)).toMatchObject({ ended: { done: 20 }, reused: 20, pages: null });
    expect(rows(second).every(({ reused, pages }) => reused === true && pages === 2)).toBe(true);
    expect(submitted).toHaveLength(20);
    expect(await resultOf(await start({ list: 'all', force: 'again' }))).toMatchObject({ reused: 0, pages: 40 });
    expect(submitted).toHaveLength(40);
  });

  it('and run in another batch are waited for, and left alone by a cancel', async () => {
    const { start, until, release, submitted } = await open({ lists: { all: listed(4, hold) } });
    const first = await start({ list: 'all' });
    const { slowest } = await until(first, 'all run', ({ running }) => running === 4);
    const [second, third] = [await start({ list: 'all' }), await start({ list: 'all' })];
    for (const one of [second, third]) await until(one, 'all are found', ({ started }) => started === 4);
    // Each start has been refused when nothing else is under way.
    await waitUntil(() => stand.memory.calls.awaitBatchDocuments >= 2, 'they are watched');
    await third.cancel();
    await expect(third.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(stand.rows(third)).toMatchObject(Array(4).fill({ state: 'cancelled', error: { type: 'BatchCancelled' } }));
    expect(await stand.status(first)).toMatchObject({ running: 4 });
    for (const { workflowId } of slowest) await release(workflowId);
    expect(await resultOf(first)).toMatchObject({ ended: { done: 4 }, reused: 0 });
    expect(await resultOf(second)).toMatchObject({ ended: { done: 4 }, reused: 4 });
    expect(submitted).toHaveLength(4);
  });

  it('are done again by a re-drive, which touches what is selected and reuses the parse', async () => {
    const extract = { failing: true };
    const { start, submitted, rows } = await open({
      lists: { all: listed(10) },
      answers: {
        extract: ({ input }) =>
          extract.failing && Number(String(input).at(-1)) >= 0
            ? { failure: 'DocumentJobFailed', code: null, reason: 'no', transient: false }
            : { data: {} },
      },
    });
    const request = { schema: { type: 'object' } };
    const first = await start({ list: 'all', request });
    const { ended } = await resultOf(first);
    expect(ended.failed).toBeGreaterThan(0);
    expect(rows(first).find(({ state }) => state === 'failed')?.parsed).toMatchObject({ provider: 'reducto' });
    const before = submitted.length;
    extract.failing = false;
    const redrive = { batchId: first.workflowId, select: { states: ['failed' as const] } };
    const again = await start({ list: 'all', request, redrive });
    const status = await resultOf(again);
    expect(status).toMatchObject({ batchId: first.workflowId, drive: 1, documents: ended.failed, reused: 0 });
    // One extract each, and no parse.
    expect(submitted.length - before).toBe(ended.failed);
    expect(rows(first).every(({ state }) => state === 'done')).toBe(true);
  });
});
