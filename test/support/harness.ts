import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { createDocumentActivities, memoryStore, reducto, type ResultStore } from '../../src/index.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import type { PollingOptions } from '../../src/jobs/process-document.js';

/** Single reads with durable sleeps between: any started activity holds simulated time at real speed. */
export const SINGLE_READS: PollingOptions = { window: 0, cancelSettle: '5s' };

export interface Harness {
  env: TestWorkflowEnvironment;
  sandbox: Sandbox;
  store: ResultStore;
  taskQueue: string;
  /** Uploads a file of `examples/` to the sandbox the way the worker would; returns the vendor's reference. */
  upload: (name: string) => Promise<string>;
  start: (workflow: string, ...args: unknown[]) => Promise<WorkflowHandleWithFirstExecutionRunId>;
  close: () => Promise<void>;
}

/**
 * The real activities against the sandbox, whose clock is the test server's, and a worker with the package's workflows.
 */
export async function createHarness(env: TestWorkflowEnvironment, options: SandboxOptions = {}): Promise<Harness> {
  const now = (): Promise<number> => env.currentTimeMs();
  const sandbox = await createSandbox({ now, ...options });
  const store = memoryStore();
  const taskQueue = `test-${randomUUID()}`;
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: inject('bundlePath') },
    activities: createDocumentActivities({
      // Looks for a lost job wait in real time: the sandbox lists at once, so that a moment is enough.
      accounts: { reducto: reducto({ ...sandbox.reducto, listSettleMs: 20 }) },
      results: store,
      now,
    }),
  });
  const running = worker.run();
  return {
    env,
    sandbox,
    store,
    taskQueue,
    async upload(name) {
      const form = new FormData();
      form.append('file', new Blob([await readFile(join('examples', name))]), name);
      const headers = { authorization: `Bearer ${sandbox.reducto.apiKey}` };
      const response = await fetch(`${sandbox.reducto.baseUrl}/upload`, { method: 'POST', headers, body: form });
      return ((await response.json()) as { file_id: string }).file_id;
    },
    start: (workflow, ...args) =>
      env.client.workflow.start(workflow, { taskQueue, workflowId: `wf-${randomUUID()}`, args }),
    async close() {
      worker.shutdown();
      await running;
      await sandbox.close();
    },
  };
}
