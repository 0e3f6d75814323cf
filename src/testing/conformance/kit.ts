import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { dirname } from 'node:path';
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { allowedRoots, createDocumentActivities } from '../../activities/index.js';
import type { Operation } from '../../jobs/types.js';
import type { Provider } from '../../providers/provider.js';
import { memoryStore, type ResultStore } from '../../results/index.js';
import type { OperationAsk } from './kit-workflow.js';
import type { ScriptedVendor } from './scripted-vendor.js';

/** What the kit needs of a `TestWorkflowEnvironment.createTimeSkipping()` of `@temporalio/testing`. */
export interface ConformanceEnvironment {
  client: Client;
  nativeConnection: NativeConnection;
  namespace?: string;
  supportsTimeSkipping: boolean;
  currentTimeMs(): Promise<number>;
  sleep(ms: number): Promise<void>;
}

/** What the cases of one run share. */
export interface Kit {
  env: ConformanceEnvironment;
  provider: Provider;
  vendor: ScriptedVendor;
  store: ResultStore;
  taskQueue: string;
  asks: Partial<Record<Operation, OperationAsk>>;
  /** Real time that a case may take, ms. */
  caseLimitMs: number;
  stop(): Promise<void>;
}

export type KitParts = Pick<Kit, 'env' | 'provider' | 'vendor' | 'asks' | 'caseLimitMs'>;

/** A worker with the real activities over the provider. Each case has an account of its own, so that no two share a stored result. */
export async function startKit(parts: KitParts): Promise<Kit> {
  const { env, provider, vendor } = parts;
  // Loaded late: whoever only mocks activities needs no worker.
  const { Worker } = await import('@temporalio/worker');
  const store = memoryStore();
  const taskQueue = `conformance-${randomUUID()}`;
  const worker = await Worker.create({
    connection: env.nativeConnection,
    ...(env.namespace === undefined ? {} : { namespace: env.namespace }),
    taskQueue,
    workflowBundle: { code: await bundle() },
    shutdownForceTime: '5s',
    // Beats are held back in real time, of which simulated hours leave none.
    maxHeartbeatThrottleInterval: 1,
    defaultHeartbeatThrottleInterval: 1,
    activities: createDocumentActivities({
      accounts: () => provider,
      results: store,
      ...(vendor.file === undefined ? {} : { sources: allowedRoots([dirname(vendor.file)]) }),
      now: () => env.currentTimeMs(),
      sleep: (ms) => env.sleep(ms),
    }),
  });
  const running = worker.run();
  return {
    ...parts,
    store,
    taskQueue,
    async stop() {
      worker.shutdown();
      // A case that hangs may hold on to it.
      await running.catch(() => undefined);
    },
  };
}

let bundled: Promise<string> | undefined;

/** Bundled once a process. */
function bundle(): Promise<string> {
  bundled ??= (async () => {
    const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
    const { code } = await bundleWorkflowCode({ workflowsPath: workflowsPath(), logger: new DefaultLogger('ERROR') });
    return code;
  })();
  return bundled;
}

/** Compiled, or as the source that a test runner loads. */
function workflowsPath(): string {
  const compiled = fileURLToPath(new URL('./kit-workflow.js', import.meta.url));
  return existsSync(compiled) ? compiled : compiled.replace(/\.js$/, '.ts');
}

/** The vendor's file as a workflow names it. */
export const fileSource = (path: string): string => pathToFileURL(path).href;
