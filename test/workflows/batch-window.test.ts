import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatchChange, BatchStatus } from '../../src/jobs/batch.js';
import { BATCH_UPDATE } from '../../src/jobs/names.js';
import { createTimeSkipping } from '../support/temporal.js';
import { type BatchStand, createBatchStand, listed, type StandOptions } from './batch-stand.js';

let env: TestWorkflowEnvironment;
let stand: BatchStand;
beforeEach(async () => {
  env = await createTimeSkipping();
});
afterEach(async () => {
  await stand.close();
  await env.teardown();
});

const open = async (options: StandOptions): Promise<BatchStand> => (stand = await createBatchStand(env, options));
const change = (handle: WorkflowHandle, asked: BatchChange): Promise<BatchStatus> =>
  handle.executeUpdate<BatchStatus, [BatchChange]>(BATCH_UPDATE, { args: [asked] });
const resultOf = async (handle: WorkflowHandle): Promise<BatchStatus> => (await handle.result()) as BatchStatus;
const hold = (index: number) => ({ source: `https://example.test/hold-${index}.pdf` });

describe('a batch', () => {
  it('processes every document within the window, in the planned order, and records each', async () => {
    const tenants = ['acme', 'globex'];
    const make = (index: number) => ({ tenant: tenants[index % 2] as string, priority: 1 + (index % 5) });
    const { start, rows, submitted, running, memory } = await open({ lists: { all: listed(60, make) } });
    const handle = await start({ list: 'all', window: 10 });
    const status = await resultOf(handle);
    expect(status).toMatchObject({ stage: 'ended', documents: 60, started: 60, running: 0, reused: 0, pages: 120 });
    const none = { done_with_gaps: 0, refused: 0, failed: 0, cancelled: 0, not_started: 0 };
    expect(status.ended).toEqual({ done: 60, ...none });
    expect(status.segments).toBe(memory.segments(handle.workflowId).length);
    expect(running.most).toBeLessThanOrEqual(10);
    expect(running.most).toBeGreaterThan(5);
    expect(rows(handle).map(({ index }) => index)).toEqual([...Array(60).keys()]);
    expect(rows(handle)[7]).toMatchObject({ id: 'd0007', tenant: 'globex', drive: 0, state: 'done', pages: 2 });
    const segments = memory.segments(handle.workflowId);
    expect(segments.map(({ segment }) => segment)).toEqual([...segments.keys()]);
    expect(segments.map(({ last }) => last === true)).toEqual(segments.map((_one, n) => n === segments.length - 1));
    expect(new Set(submitted).size).toBe(60);
    const { events } = await handle.fetchHistory();
    const started = (events ?? []).flatMap(({ startChildWorkflowExecutionInitiatedEventAttributes: one }) => one ?? []);
    expect(started.map(({ priority }) => [priority?.fairnessKey, priority?.priorityKey])).toEqual(
      [...Array(60).keys()].map((index) => [tenants[index % 2], 1 + (index % 5)]),
    );
    expect((events ?? []).length / 60).toBeLessThanOrEqual(15);
  });

  it('costs at most 15 events a document where each ends by itself', async () => {
    // No two documents end together: each end is a wake-up, and so is each start.
    const jobMs = (source: string): number => 20_000 + 170 * Number(/(\d+)\.pdf/.exec(source)?.[1] ?? 0);
    const { start } = await open({ lists: { all: listed(60) }, jobMs });
    const handle = await start({ list: 'all', window: 5, startsPerSecond: 1 });
    expect(await resultOf(handle)).toMatchObject({ ended: { done: 60 } });
    const { events } = await handle.fetchHistory();
    expect((events ?? []).length / 60).toBeLessThanOrEqual(15);
  });

  it('reads the plan page by page, and ends with a manifest that lists nothing', async () => {
    const { start, memory, rows } = await open({ lists: { many: listed(230), none: [] } });
    const many = await start({ list: 'many', window: 100 });
    await resultOf(many);
    expect(memory.calls.readDocumentBatchPage).toBe(2);
    expect(rows(many)).toHaveLength(230);
    const none = await start({ list: 'none' });
    expect(await resultOf(none)).toMatchObject({ stage: 'ended', documents: 0, segments: 1 });
    expect(memory.segments(none.workflowId)).toMatchObject([{ rows: [], last: true }]);
  });

  it('starts no more a second than it may', async () => {
    const { start } = await open({ lists: { all: listed(12) }, jobMs: 60_000 });
    const handle = await start({ list: 'all', startsPerSecond: 2 });
    await resultOf(handle);
    const { events } = await handle.fetchHistory();
    const times = (events ?? []).flatMap(({ startChildWorkflowExecutionInitiatedEventAttributes: one, eventTime }) =>
      one == null ? [] : [Number(eventTime?.seconds) + (eventTime?.nanos ?? 0) / 1e9],
    );
    expect(times).toHaveLength(12);
    for (const [n, time] of times.entries()) {
      expect(
        times.filter((other) => other >= time && other < time + 0.99).length,
        `from start ${n}`,
      ).toBeLessThanOrEqual(4);
    }
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(4.9);
  });

  it('pauses, goes on, and keeps to a changed window', async () => {
    const { start, until, release, running } = await open({ lists: { all: listed(12, hold) } });
    const handle = await start({ list: 'all', window: 2, paused: true });
    expect(await until(handle, 'it is paused', ({ stage }) => stage === 'paused')).toMatchObject({ started: 0 });
    expect(await change(handle, { paused: false })).toMatchObject({ stage: 'running' });
    const { slowest } = await until(handle, 'two are running', (status) => status.running === 2);
    expect(await change(handle, { paused: true, window: 5 })).toMatchObject({ stage: 'paused', window: 5 });
    await release(slowest[0]?.workflowId ?? '');
    await until(handle, 'one has ended', ({ ended }) => ended.done === 1);
    expect(await stand.status(handle)).toMatchObject({ stage: 'paused', started: 2, running: 1 });
    await change(handle, { paused: false });
    await until(handle, 'five are running', (status) => status.running === 5);
    await change(handle, { window: 1 });
    expect(await resultOf(handle)).toMatchObject({ ended: { done: 12 } });
    expect(running.most).toBe(5);
  });

  it('refuses changes that are none, in words, and takes none of them up', async () => {
    const { start, until } = await open({ lists: { all: listed(3, hold) } });
    const handle = await start({ list: 'all' });
    await until(handle, 'all are running', ({ running }) => running === 3);
    const refused = async (asked: unknown): Promise<string> => {
      const error = (await change(handle, asked as BatchChange).catch((one: unknown) => one)) as { cause?: Error };
      return error.cause?.message ?? 'accepted';
    };
    expect(await refused({ window: 0 })).toBe('window: expected a whole number from 1 to 2000');
    expect(await refused({ speed: 1 })).toMatch(/^speed: there is no such setting: paused, window/);
    expect(await refused({})).toMatch(/^change: expected one of/);
    expect(await refused({ budget: { then: 'ask' } })).toBe('budget: needs "credits" or "pages"');
    const { events } = await handle.fetchHistory();
    expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes != null)).toEqual([]);
    expect(await stand.status(handle)).toMatchObject({ window: 200, budget: null });
  });

  it('asks when its budget is reached, and goes on with a larger one', async () => {
    const { start, until } = await open({ lists: { all: listed(10) } });
    const handle = await start({ list: 'all', window: 1, budget: { pages: 6 } });
    // Until the question is there, time has to pass.
    for (let tries = 0; tries < 50 && (await stand.status(handle)).stage !== 'budget_reached'; tries++)
      await env.sleep(500);
    expect(
      await until(handle, 'it asks', (status) => status.stage === 'budget_reached' && status.running === 0),
    ).toMatchObject({
      ended: { done: 3 },
      pages: 6,
    });
    expect(await change(handle, { budget: null })).toMatchObject({ stage: 'running', budget: null });
    expect(await resultOf(handle)).toMatchObject({ stage: 'ended', ended: { done: 10 }, pages: 20 });
  });

  it('stops at its budget when told so: the rest is not started', async () => {
    const { start, rows } = await open({ lists: { all: listed(10) } });
    const handle = await start({ list: 'all', window: 2, budget: { pages: 6, then: 'stop' } });
    const status = await resultOf(handle);
    expect(status).toMatchObject({ stage: 'ended', documents: 10 });
    expect(status.ended.done).toBeGreaterThanOrEqual(3);
    expect(status.ended.done).toBeLessThanOrEqual(4);
    expect(status.ended.not_started).toBe(10 - status.ended.done);
    expect(rows(handle)).toHaveLength(status.ended.done);
  });

  it('loses no row to a record that refuses for a while, and says what is wrong', async () => {
    const { start, memory, until, rows } = await open({ lists: { all: listed(8) } });
    let refusals = 0;
    memory.onRecord = () => {
      if (refusals++ < 3) throw ApplicationFailure.nonRetryable('the disk is full', 'StoreRefused');
    };
    const handle = await start({ list: 'all' });
    for (let tries = 0; tries < 50 && refusals === 0; tries++) await env.sleep(500);
    await until(handle, 'it tells', ({ trouble }) => trouble === "segment 0 of the record can't be written");
    const status = await resultOf(handle);
    expect(refusals).toBeGreaterThan(3);
    expect(status.trouble).toBeUndefined();
    expect(rows(handle)).toHaveLength(8);
    expect(memory.segments(handle.workflowId).map(({ segment }) => segment)).toEqual([
      ...Array(status.segments).keys(),
    ]);
  });

  it('refuses an input that is none before anything is planned, and fails with a plan that fails', async () => {
    const { start, memory } = await open({ lists: {} });
    const wrong = await start({ list: 'all', request: { sections: [] } });
    await expect(wrong.result()).rejects.toMatchObject({
      cause: { type: 'DocumentInputInvalid', details: [{ field: 'request.sections' }] },
    });
    expect(memory.calls.planDocumentBatch).toBe(0);
    const lost = await start({ list: 'nobody' });
    await expect(lost.result()).rejects.toMatchObject({ cause: { cause: { type: 'NoSuchList' } } });
  });
});
