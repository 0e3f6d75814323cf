import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { DocumentActivities } from './jobs/activities.js';
import { DEFAULT_TASK_QUEUE } from './jobs/names.js';

const WORKFLOWS = fileURLToPath(new URL('./workflows/index.js', import.meta.url));

export interface DocumentWorkerOptions {
  /** From `createDocumentActivities`; may be merged with activities of your own. */
  activities: DocumentActivities;
  /** Default: from Temporal's standard environment and `temporal.toml`. Closed by {@link runDocumentWorker} only if it opened it. */
  connection?: NativeConnection;
  /** Default: the environment's, else `default`. */
  namespace?: string;
  /** Default `document-jobs`. */
  taskQueue?: string;
  /** How long activities may finish after a shutdown was asked for. Long enough for a submit's reply to arrive. Default 30 s. */
  shutdownGraceTime?: number | string;
  /** Anything else of the SDK's worker: wins over what is chosen here. */
  worker?: Partial<WorkerOptions>;
}

/**
 * The ready-made worker: our workflows, the given activities, and sizes that suit waiting. A poll window holds an activity slot
 * while it waits (the SDK's default of 100 would be 100 documents), and a waiting workflow costs little in the cache.
 */
export async function createDocumentWorker(
  options: DocumentWorkerOptions & { connection: NativeConnection },
): Promise<Worker> {
  const { activities, connection, namespace, taskQueue = DEFAULT_TASK_QUEUE, shutdownGraceTime = '30 s' } = options;
  return Worker.create({
    connection,
    ...(namespace === undefined ? {} : { namespace }),
    taskQueue,
    activities,
    ...(options.worker?.workflowBundle === undefined ? { workflowsPath: WORKFLOWS } : {}),
    maxConcurrentActivityTaskExecutions: 1_000,
    maxCachedWorkflows: 2_000,
    // Under a flood of starts the default of 10 s gives up on a busy worker's cache, which makes it busier.
    stickyQueueScheduleToStartTimeout: '20 s',
    shutdownGraceTime,
    ...options.worker,
  });
}

/**
 * Runs the ready-made worker until the process is asked to stop (SIGINT, SIGTERM), then lets activities finish within the grace time.
 * @throws {TransportError} of `@temporalio/worker` when Temporal can't be reached.
 */
export async function runDocumentWorker(options: DocumentWorkerOptions): Promise<void> {
  const config = loadClientConnectConfig();
  const connection = options.connection ?? (await NativeConnection.connect(config.connectionOptions));
  try {
    const namespace = options.namespace ?? config.namespace;
    const worker = await createDocumentWorker({
      ...options,
      connection,
      ...(namespace === undefined ? {} : { namespace }),
    });
    await worker.run();
  } finally {
    if (options.connection === undefined) await connection.close();
  }
}
