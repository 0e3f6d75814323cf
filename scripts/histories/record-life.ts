import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { createDocumentActivities, memoryStore } from '../../src/index.js';
import type { SourceResolver } from '../../src/index.js';
import { findTemporalBinary } from '../../src/local/temporal-binary.js';
import { createSandbox } from '../../src/sandbox/index.js';
import type { Vendor } from '../../test/support/vendors.js';
import { sameDocument } from './batch-scenarios.js';
import { type Life, type Scenario, SINGLE_READS, type Stage } from './scenario.js';

const QUEUE = 'histories';

export interface Recorder {
  workflowBundle: WorkflowBundle;
  /** URL of the document. */
  source: string;
}

/** Lets the scenario happen on a server of its own, whose clock is one for all of its workflows. @returns history by the file's name. */
export async function recordLife(
  recorder: Recorder,
  vendor: Vendor,
  scenario: Scenario,
): Promise<Map<string, unknown>> {
  const env = await serverFor(scenario);
  try {
    return await recordOn(env, recorder, vendor, scenario);
  } finally {
    await env.teardown();
  }
}

async function serverFor({ server }: Scenario): Promise<TestWorkflowEnvironment> {
  const path = await findTemporalBinary(server === 'dev' ? 'cli' : 'test-server', { log: console.error });
  const executable = { type: 'existing-path', path } as const;
  const quiet = { format: 'json', level: 'error' };
  return server === 'dev'
    ? TestWorkflowEnvironment.createLocal({ server: { executable, log: quiet } })
    : TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
}

async function recordOn(
  env: TestWorkflowEnvironment,
  { workflowBundle, source }: Recorder,
  vendor: Vendor,
  scenario: Scenario,
): Promise<Map<string, unknown>> {
  const { name, faults, parseMs, input, workflow = 'processDocument', act, also } = scenario;
  const now = (): Promise<number> => env.currentTimeMs();
  const sandbox = await createSandbox({ now, ...(faults && { faults: faults(vendor) }) });
  if (parseMs !== undefined) sandbox.durations.set('parse', parseMs);
  const provider = vendor.provider(sandbox, scenario.webhooks ? { webhook: { mode: 'svix' } } : {});
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: QUEUE,
    workflowBundle,
    activities: createDocumentActivities({
      accounts: { [vendor.name]: provider },
      results: memoryStore(),
      sources: fromExamples,
      batchSources: { same: sameDocument },
      now,
    }),
  });
  const start: Stage['start'] = (type, workflowId, args) =>
    env.client.workflow.start(type, { taskQueue: QUEUE, workflowId, args });
  try {
    return await worker.runUntil(async () => {
      const stage: Stage = { env, vendor, sandbox, source, start };
      const asked = { source, provider: vendor.name, polling: SINGLE_READS, ...input };
      const args = (await scenario.args?.(stage)) ?? [asked];
      const handle = await start(workflow, `${vendor.name}-${name}`, args);
      let end: Promise<void> | undefined;
      const ended = (): Promise<void> => (end ??= endOf(handle));
      const life: Life = { ...stage, handle, ended };
      await act?.(life);
      await ended();
      const histories = new Map([[`${vendor.name}-${name}`, await historyOf(handle)]]);
      for (const [more, other] of Object.entries(also?.(life) ?? {})) {
        await endOf(other);
        histories.set(`${vendor.name}-${name}-${more}`, await historyOf(other));
      }
      return histories;
    });
  } finally {
    await provider.close();
    await sandbox.close();
  }
}

/** How it ends is the scenario's matter. */
async function endOf(handle: WorkflowHandle): Promise<void> {
  await handle.result().catch(() => undefined);
}

async function historyOf(handle: WorkflowHandle): Promise<unknown> {
  const history = await handle.fetchHistory();
  if (history.events?.at(-1)?.workflowExecutionTimedOutEventAttributes == null) return history;
  throw new Error(`${handle.workflowId} timed out: the server skipped time while an activity ran`);
}

/** Named without its folder, which lies elsewhere on each machine. */
const fromExamples: SourceResolver = async (source) => {
  const path = fileURLToPath(new URL(`../../examples/${source}`, import.meta.url));
  return { filename: source, contentType: 'application/pdf', size: (await stat(path)).size, path };
};
