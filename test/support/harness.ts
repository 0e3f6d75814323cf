import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { WorkflowHandle, WorkflowHandleWithFirstExecutionRunId, WorkflowStartOptions } from '@temporalio/client';
import { createDocumentActivities, memoryStore, STATUS_QUERY, type ResultStore } from '../../src/index.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import type { PollingOptions } from '../../src/jobs/process-document.js';
import type { DocumentActivities } from '../../src/jobs/activities.js';
import type { DocumentJobsStatus, Operation, Receipt } from '../../src/jobs/types.js';
import type { ApiKey } from '../../src/providers/http/api-key.js';
import type { Provider } from '../../src/providers/provider.js';
import { expectGoldenRule } from './golden-rule.js';
import { ONE_THREAD } from './one-thread.js';
import { type Vendor, type VendorAccess, VENDORS } from './vendors.js';

/** Single reads with durable sleeps between: any started activity holds simulated time at real speed. */
export const SINGLE_READS: PollingOptions = { window: 0, cancelSettle: '5s' };

/** How long the worker expects each operation to take, ms; the provider's own guess for the others. */
export type Expected = Partial<Record<Operation, number>>;

/**
 * For a sibling of a job that fails, or a job whose workflow is cancelled: its first look lies beyond that moment. The time-skipping server
 * refuses, and then forgets, a workflow task that cancels an activity which has just completed, so that no poll may end at the same instant.
 */
export const LONG_ASLEEP_MS = 10 * 3_600_000;

export interface Harness {
  env: TestWorkflowEnvironment;
  sandbox: Sandbox;
  store: ResultStore;
  taskQueue: string;
  start: (workflow: string, ...args: unknown[]) => Promise<WorkflowHandleWithFirstExecutionRunId>;
  /** With start options of its own. */
  startWith: (
    options: Partial<WorkflowStartOptions>,
    workflow: string,
    ...args: unknown[]
  ) => Promise<WorkflowHandleWithFirstExecutionRunId>;
  /** Holds what was started to the golden rule, then stops. */
  close: () => Promise<void>;
  stop: () => Promise<void>;
  /** Shuts the worker down, as a deploy does, and starts another. */
  restartWorker: () => Promise<void>;
}

export interface HarnessOptions {
  sandbox?: SandboxOptions;
  /** Default: the first of them. */
  vendor?: Vendor | undefined;
  expected?: Expected;
  /** The key that the worker uses; default the sandbox's. */
  apiKey?: ApiKey;
  /** Where the vendor calls when a job has ended. */
  webhook?: NonNullable<VendorAccess['webhook']>;
  /** Default: one in memory. */
  store?: ResultStore;
  /** Changes what the worker does. */
  wrap?: ((activities: DocumentActivities) => DocumentActivities) | undefined;
  /** Activities wait in simulated time too: for tests that await the result from the start. Default false. */
  skipsWaits?: boolean;
}

/** Runs `test` with a harness of its own, and closes it. */
export async function withHarness(
  env: TestWorkflowEnvironment,
  options: HarnessOptions,
  test: (harness: Harness) => Promise<void>,
): Promise<void> {
  const harness = await createHarness(env, options);
  let failed = true;
  try {
    await test(harness);
    failed = false;
  } finally {
    await harness.close().catch((error: unknown) => {
      // What the test itself says comes first.
      if (!failed) throw error;
    });
  }
}

/**
 * The real activities against the sandbox, whose clock is the test server's, and a worker with the package's workflows. Closing it holds
 * the workflows that were started to the golden rule.
 */
export async function createHarness(
  env: TestWorkflowEnvironment,
  {
    sandbox: options,
    vendor = VENDORS[0],
    expected = {},
    wrap = (same) => same,
    skipsWaits = false,
    store = memoryStore(),
    ...access
  }: HarnessOptions = {},
): Promise<Harness> {
  if (vendor === undefined) throw new Error('no vendor');
  const now = (): Promise<number> => env.currentTimeMs();
  const sandbox = await createSandbox({ now, ...options });
  const taskQueue = `test-${randomUUID()}`;
  const startWorker = async () => {
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: { codePath: inject('bundlePath') },
      ...ONE_THREAD,
      // Should a test start another one, it is soon given this one's workflows.
      stickyQueueScheduleToStartTimeout: '1s',
      activities: wrap(
        createDocumentActivities({
          accounts: { [vendor.name]: expecting(expected, vendor.provider(sandbox, access)) },
          results: store,
          now,
          ...(skipsWaits ? { sleep: (ms: number) => env.sleep(ms) } : {}),
        }),
      ),
      // Beats are held back in real time, of which skipped waits leave none.
      ...(skipsWaits ? { maxHeartbeatThrottleInterval: 1, defaultHeartbeatThrottleInterval: 1 } : {}),
    });
    const running = worker.run();
    return {
      async end() {
        worker.shutdown();
        await running;
      },
    };
  };
  let worker = await startWorker();
  const started: WorkflowHandleWithFirstExecutionRunId[] = [];
  const startWith: Harness['startWith'] = async (options, workflow, ...args) => {
    const workflowId = `wf-${randomUUID()}`;
    const handle = await env.client.workflow.start(workflow, { ...options, taskQueue, workflowId, args });
    started.push(handle);
    return handle;
  };
  const stop = async (): Promise<void> => {
    await worker.end();
    await sandbox.close();
  };
  return {
    env,
    sandbox,
    store,
    taskQueue,
    start: (workflow, ...args) => startWith({}, workflow, ...args),
    startWith,
    stop,
    async restartWorker() {
      await worker.end();
      worker = await startWorker();
    },
    async close() {
      try {
        expectGoldenRule(sandbox, (await Promise.all(started.map((handle) => receiptsOf(env, handle)))).flat());
      } finally {
        await stop();
      }
    },
  };
}

function expecting(expected: Expected, provider: Provider): Provider {
  return {
    ...provider,
    expectedMs: (operation, pageCount) => expected[operation] ?? provider.expectedMs(operation, pageCount),
  };
}

/** Of each run, where a workflow continued as new. Closed workflows still answer queries. */
async function receiptsOf(
  env: TestWorkflowEnvironment,
  { workflowId, firstExecutionRunId }: WorkflowHandleWithFirstExecutionRunId,
): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  let runId: string | null | undefined = firstExecutionRunId;
  while (runId) {
    const run: WorkflowHandle = env.client.workflow.getHandle(workflowId, runId);
    receipts.push((await run.query<DocumentJobsStatus, []>(STATUS_QUERY)).receipt);
    const { events } = await run.fetchHistory();
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return receipts;
}
