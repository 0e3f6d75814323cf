import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createDocumentActivities, memoryStore, reducto } from '../../../src/index.js';
import type { Provider } from '../../../src/providers/provider.js';
import { createSandbox, type Sandbox } from '../../../src/sandbox/index.js';
import { type DocumentServer, serveDocuments } from '../../support/document-server.js';
import { createDevServerEnv } from '../../support/temporal.js';
import { waitUntil } from '../../support/wait-until.js';

const SECOND = 1_000;
const WORKERS = 4;
const WAITS_EACH = 40;
const QUOTA = { readsPerSecond: 60 };
/** Long enough to be watched; its reads are a second apart for so long. */
const JOB_MS = 90 * SECOND;
const TIMER_MS = 20;

let env: TestWorkflowEnvironment;
let documents: DocumentServer;
beforeAll(async () => {
  [env, documents] = await Promise.all([createDevServerEnv(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

/** A worker as another process would be: with activities, governor and identity of its own. */
async function startWorker(sandbox: Sandbox, taskQueue: string, nth: number) {
  const counted = { reads: 0 };
  const vendor = reducto({ ...sandbox.reducto, quota: QUOTA });
  const provider: Provider = {
    ...vendor,
    expectedMs: () => SECOND,
    get(...args) {
      counted.reads += 1;
      return vendor.get(...args);
    },
  };
  // One connection takes one worker of a task queue.
  const connection = await NativeConnection.connect({ address: env.address });
  const worker = await Worker.create({
    connection,
    identity: `worker-${nth}`,
    taskQueue,
    workflowBundle: { codePath: inject('bundlePath') },
    activities: createDocumentActivities({
      accounts: { reducto: provider },
      results: memoryStore(),
      // Each wait reads for itself, so that together they want more than the quota.
      sharedReads: 'never',
    }),
    // All four are full, so that each of them wants more than its share.
    maxConcurrentActivityTaskExecutions: WAITS_EACH,
    shutdownGraceTime: 100,
  });
  const running = worker.run();
  const end = async (): Promise<void> => {
    worker.shutdown();
    await running;
    await connection.close();
  };
  return { counted, end };
}

/** How a box that is busy with other things kept this process waiting: reads are paced by timers, which then come late. */
function watchTimers() {
  const delays = monitorEventLoopDelay({ resolution: TIMER_MS });
  delays.enable();
  return {
    /** 1 = each came when it was due, 0.5 = after twice the time. */
    onTime: () => Math.min(1, (TIMER_MS * 1e6) / delays.mean),
    [Symbol.dispose]: () => void delays.disable(),
  };
}

it('four workers take a quarter of the quota each, and none of their reads is answered by 429', async () => {
  await using sandbox = await createSandbox({ duration: { baseMs: JOB_MS, perPageMs: 0, jitter: 0 } });
  const taskQueue = `fleet-${randomUUID()}`;
  const workers = await Promise.all(Array.from({ length: WORKERS }, (_, nth) => startWorker(sandbox, taskQueue, nth)));
  const url = documents.add('note.txt', Buffer.from('Invoice 17\n\nTotal 12.00 EUR\n'));
  const { workflow } = env.client;
  const handles = await Promise.all(
    Array.from({ length: WORKERS * WAITS_EACH }, (_, nth) =>
      workflow.start('processDocument', {
        taskQueue,
        workflowId: `fleet-${nth}-${randomUUID()}`,
        args: [{ source: url, provider: 'reducto', polling: { window: '5 minutes' } }],
      }),
    ),
  );
  try {
    await waitUntil(() => sandbox.ledger.accepted().length === handles.length, 'all are submitted', 90 * SECOND);
    // The last windows open, and the fleet is seen.
    await sleep(6 * SECOND);
    sandbox.limits.set(QUOTA);
    await sleep(SECOND);
    const refused = sandbox.limits.refused().readsPerSecond;
    const before = workers.map(({ counted }) => counted.reads);
    using timers = watchTimers();
    const began = performance.now();
    await sleep(10 * SECOND);
    const seconds = (performance.now() - began) / SECOND;
    const reads = workers.map(({ counted }, nth) => counted.reads - before[nth]!);
    const sum = reads.reduce((all, one) => all + one, 0);
    for (const one of reads) {
      expect(one).toBeGreaterThanOrEqual((0.8 * sum) / WORKERS);
      expect(one).toBeLessThanOrEqual((1.2 * sum) / WORKERS);
    }
    expect(sum / seconds).toBeLessThanOrEqual(QUOTA.readsPerSecond);
    // Of a fleet that is taken for twice as large as it is, half of the quota would be left.
    expect(sum / seconds).toBeGreaterThanOrEqual(0.75 * timers.onTime() * QUOTA.readsPerSecond);
    expect(sandbox.limits.refused().readsPerSecond - refused).toBe(0);
  } finally {
    await Promise.all(handles.map((handle) => handle.terminate().catch(() => undefined)));
    await Promise.all(workers.map(({ end }) => end()));
  }
}, 180_000);
