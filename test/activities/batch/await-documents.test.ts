import { getEventListeners } from 'node:events';
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import type { AwaitBatchOutput, BatchActivities } from '../../../src/jobs/batch-activities.js';
import type { BatchDocumentEnd } from '../../../src/jobs/batch.js';
import { activityRun } from '../../support/activity-run.js';
import { fakeProvider } from '../../support/fake-provider.js';

const AT = new Date('2026-11-24T10:00:00Z');
const done: BatchDocumentEnd = {
  state: 'done',
  jobs: [],
  pages: 1,
  credits: 1,
  startedAt: AT.toISOString(),
  endedAt: AT.toISOString(),
};

interface Answers {
  /** Simulated ms since the start when a workflow ends; never by default. */
  endsAt: (workflowId: string) => number;
  /** What asking for one costs, ms of simulated time. */
  onDescribe?: (workflowId: string) => void;
  end?: BatchDocumentEnd;
}

/** The activity over a Temporal that answers from a table. */
function stand({ endsAt, onDescribe = () => undefined, end = done }: Answers) {
  const asked: { workflowId: string; atMs: number }[] = [];
  const getHandle = (workflowId: string) => ({
    async describe() {
      asked.push({ workflowId, atMs: run.elapsed() });
      onDescribe(workflowId);
      const closeTime = run.elapsed() >= endsAt(workflowId) ? AT : undefined;
      return {
        workflowId,
        runId: 'run',
        status: { name: closeTime ? 'COMPLETED' : 'RUNNING' },
        startTime: AT,
        closeTime,
      };
    },
    result: async () => end,
  });
  const run = activityRun(fakeProvider(), {}, clientOf(getHandle));
  const { awaitBatchDocuments } = run.activities as typeof run.activities & BatchActivities;
  return {
    run,
    asked,
    wait: (workflowIds: string[], patienceMs = 600_000): Promise<AwaitBatchOutput> =>
      run.run(() => awaitBatchDocuments({ workflowIds, patienceMs })),
  };
}
/** Of a client what the activity, and the SDK around it, ask for. */
function clientOf(getHandle: (workflowId: string) => object): Client {
  let signal: AbortSignal | undefined;
  const withAbortSignal = async <R>(given: AbortSignal, work: () => Promise<R>): Promise<R> => {
    const outer = signal;
    signal = given;
    return work().finally(() => (signal = outer));
  };
  const leaky = (workflowId: string): object => {
    signal?.addEventListener('abort', () => undefined);
    return getHandle(workflowId);
  };
  return { workflow: { getHandle: leaky }, withAbortSignal } as unknown as Client;
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `w${at}`);
const never = (): number => Infinity;

describe('awaitBatchDocuments', () => {
  it('returns what has ended, with those that end on its heels', async () => {
    const { wait, run } = stand({ endsAt: (id) => (id === 'w3' || id === 'w7' ? 60_000 : Infinity) });
    const { ended } = await wait(ids(10));
    expect(ended.map(({ workflowId }) => workflowId).sort()).toEqual(['w3', 'w7']);
    expect(ended[0]?.end).toEqual(done);
    expect(run.elapsed()).toBeLessThan(60_000 + 35_000);
  });

  it('asks fifty times a second at most, and less and less often while nothing ends', async () => {
    const { wait, asked, run } = stand({ endsAt: never });
    expect(await wait(ids(100), 600_000)).toEqual({ ended: [] });
    for (const [at, { atMs }] of asked.entries()) {
      const later = asked[at + 50];
      if (later !== undefined) expect(later.atMs - atMs).toBeGreaterThanOrEqual(1_000);
    }
    expect(asked.length).toBeLessThan(100 * 40);
    expect(run.elapsed()).toBeGreaterThanOrEqual(600_000);
    expect(run.elapsed()).toBeLessThan(605_000);
    const gaps = run.beatTimes.slice(1).map((time, at) => time - (run.beatTimes[at] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000);
  });

  it('leaves nothing behind on the activity’s signal, which the SDK would for each call', async () => {
    const { wait, asked, run } = stand({ endsAt: never });
    let most = 0;
    run.onSleep(() => (most = Math.max(most, getEventListeners(Context.current().cancellationSignal, 'abort').length)));
    await wait(ids(50), 60_000);
    expect(asked.length).toBeGreaterThan(100);
    expect(most).toBeLessThan(5);
  });

  it('looks at each of a long list within one round', async () => {
    const { wait, asked } = stand({ endsAt: never });
    await wait(ids(2_000), 1_000);
    expect(new Set(asked.map(({ workflowId }) => workflowId)).size).toBe(2_000);
  });

  it('tells at most two hundred at once, and soon after the first', async () => {
    const many = stand({ endsAt: () => 0 });
    expect((await many.wait(ids(1_000))).ended.length).toBeLessThanOrEqual(200);
    expect(many.run.elapsed()).toBeLessThanOrEqual(2_100);
    const quick = stand({ endsAt: () => 0 });
    expect((await quick.wait(ids(5))).ended).toHaveLength(5);
  });

  it('tells no more than Temporal carries', async () => {
    const reason = 'x'.repeat(10_000);
    const large = stand({ endsAt: () => 0, end: { ...done, error: { type: 'T', reason } } });
    const { ended } = await large.wait(ids(100));
    expect(ended.length).toBeGreaterThan(15);
    expect(JSON.stringify(ended).length).toBeLessThan(220_000);
  });

  it('takes a workflow that Temporal does not know for lost', async () => {
    const { wait } = stand({
      endsAt: never,
      onDescribe: (id) => {
        if (id === 'w1') throw new WorkflowNotFoundError('none', id, undefined);
      },
    });
    const { ended } = await wait(['w0', 'w1']);
    expect(ended).toMatchObject([{ workflowId: 'w1', end: { state: 'failed', error: { type: 'WorkflowNotFound' } } }]);
  });

  it('tells what it knows before a trouble of the server’s, and throws one that came first', async () => {
    let isDown = false;
    const later = stand({
      endsAt: () => 0,
      onDescribe: () => {
        if (isDown) throw new Error('UNAVAILABLE');
        isDown = true;
      },
    });
    expect((await later.wait(ids(3))).ended).toHaveLength(1);
    await expect(later.wait(ids(3))).rejects.toThrow('UNAVAILABLE');
  });

  it('has nothing to wait for in an empty list', async () => {
    expect(await stand({ endsAt: never }).wait([])).toEqual({ ended: [] });
  });

  it('stops when it is cancelled', async () => {
    const { wait, run } = stand({ endsAt: never });
    let sleeps = 0;
    run.onSleep(() => {
      if (++sleeps === 20) run.cancelAttempt('CANCELLED');
    });
    await expect(wait(ids(5))).rejects.toMatchObject({ name: 'CancelledFailure' });
  });
});
